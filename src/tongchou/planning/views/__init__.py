"""Pages of the planning desk."""
