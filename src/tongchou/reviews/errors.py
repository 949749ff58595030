"""What the reviews refuse. Every message says what is lacking."""

from tongchou.ledger.errors import LedgerError


class ReviewError(LedgerError):
    """The review desk refuses; nothing has changed."""


class Stale(ReviewError):
    """Somebody else wrote here in the meantime."""


class NotReady(ReviewError):
    """Something is lacking before the review can go on."""


class Settled(ReviewError):
    """The review was accepted or dropped; what it says stays as it is."""
