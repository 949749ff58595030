"""What people type at the surveillance desk."""
