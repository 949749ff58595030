"""What this room refuses; each says what and how to mend it."""

from tongchou.ledger.errors import LedgerError


class OrdersError(LedgerError):
    """A fault that a person can mend; a face turns it into a message."""


class NotNow(OrdersError):
    """It is past that: decided, issued or signed already, or not there yet."""


class Stranded(OrdersError):
    """The order is flagged, and nobody has signed for that."""


class BeyondARedLine(OrdersError):
    """No signature helps: the playbook forbids it to everybody."""


class TakesAnother(OrdersError):
    """What one person did, another has to sign."""
