"""Reviews (复盘): what happened around every positive, and what it changes."""
