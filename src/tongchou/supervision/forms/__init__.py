"""What people type at the supervision desk."""
