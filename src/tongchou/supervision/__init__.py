"""Supervision and evaluation (督查督办、考评): inspections, rectification, units' figures."""
