"""What the intake room refuses. Every message is fit for the desk, and names nobody."""


class IntakeError(Exception):
    """The import refuses; nothing has changed."""


class AlreadyTaken(IntakeError):
    """Somebody else was quicker: it is running, done, or withdrawn."""
