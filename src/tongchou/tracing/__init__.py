"""The tracing desk: what a case did and whom it met, and every contact carried to a release."""
