"""The closed loop, stored: every subject's way through every loop, and what came late."""
