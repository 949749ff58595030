"""What the desk does: scenarios are written, studies asked for and made, plans put forward."""
