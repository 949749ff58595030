"""What the tracing desk refuses. Every message is fit for the person at the desk."""

from tongchou.ledger.errors import LedgerError


class TracingError(LedgerError):
    """The tracing desk refuses; nothing has changed."""


class NotComplete(TracingError):
    """Something is missing that this step needs."""


class Stale(TracingError):
    """Somebody else changed it in the meantime."""


class NoPassage(TracingError):
    """This contact is on the list for the record; nothing has to be handed on."""


class HasEnded(TracingError):
    """The investigation has ended; nothing in it changes any more."""
