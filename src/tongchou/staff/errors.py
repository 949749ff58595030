"""What the staff room refuses, in words fit for whoever asked."""


class StaffError(Exception):
    """Refused; nothing has changed."""
