"""The science: arrays and plain values in, arrays and plain values out.

No querysets, no clock and no dice of its own: time and random numbers are handed in.
"""
