"""The pages of the surveillance desk."""
