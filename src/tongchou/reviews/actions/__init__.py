"""The only writers of reviews, findings and lessons."""
