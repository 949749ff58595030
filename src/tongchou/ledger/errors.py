"""What the ledger refuses. Every message is fit for the person at the desk."""


class LedgerError(Exception):
    """The ledger refuses; nothing has changed."""


class WrongOutcome(LedgerError):
    """The loop has no such way on from here."""


class AlreadyHandedOver(LedgerError):
    """Somebody else was quicker. Reload to see where the subject is now."""


class HeldElsewhere(LedgerError):
    """The person is in other hands, and those hands do not let go by themselves."""


class ClockError(LedgerError):
    """A hand-off cannot end before it began."""


class Outrun(LedgerError):
    """Another playbook came into force that changes the same rules in another way."""


class TakesTwo(LedgerError):
    """What one person proposed another must adopt."""
