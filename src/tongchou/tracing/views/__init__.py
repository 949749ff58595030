"""The pages of the tracing desk."""
