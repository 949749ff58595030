"""Reads of this room, by topic."""
