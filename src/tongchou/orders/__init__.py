"""Orders, meetings and decisions, and who is on duty (领导带班)."""
