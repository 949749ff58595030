"""The pages of the daily report."""
