"""What people type at this desk, by topic."""
