"""What this room refuses, in words for the person who asked."""


class ReportsError(Exception):
    """Base of everything below; the message is shown."""


class Frozen(ReportsError):
    """Signed: it is corrected, never changed."""


class Outdated(ReportsError):
    """Somebody else saved or signed it meanwhile."""


class NotYours(ReportsError):
    """Somebody else's to do."""


class NotSaid(ReportsError):
    """Something that has to be said was left out."""
