"""The only writers of supervision."""
