"""What people type about reviews and lessons."""
