"""The only writers of the two lists."""
