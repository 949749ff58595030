"""What the two lists refuse, each with what to do about it."""

from tongchou.ledger.errors import LedgerError


class Refused(LedgerError):
    """A rule of the lists stands against it; nothing has changed."""


class NotTheirs(LedgerError):
    """Another unit does this: the issuer accepts and re-times, the doer reports and submits."""


class Stale(LedgerError):
    """Somebody else changed the task meanwhile. What they wrote stands; reload to see it."""
