"""Detectors of outbreaks in counts, one per file, each over thousands of series at once.

All take `Series` and return `Verdicts`. A count that did not come is NaN, and no detector takes
it for zero.
"""
