"""What the quarantine desk refuses. Every message is fit for the person at the desk."""

from tongchou.ledger.errors import LedgerError


class QuarantineError(LedgerError):
    """The desk refuses; nothing has changed."""


class SiteFull(QuarantineError):
    """No room is left, and nobody has signed for more."""


class SiteUnsafe(QuarantineError):
    """The site is closed or its safety certificate has run out. Nobody can sign this away."""


class ReleaseRefused(QuarantineError):
    """Too early or with tests missing, and no second person has signed."""


class NeedsReason(QuarantineError):
    """An act outside the order needs a reason from the closed list, and its clause."""


class RedLine(QuarantineError):
    """The playbook says that no order may do this."""
