"""The division tree, places, boundaries, and the tempo each area is at."""
