"""Tiny pure helpers. Anything with a word of the domain in it is not kit."""
