"""Reads: the records behind a review, the layout made of them, and what many reviews show."""
