"""What the cases room refuses. Every message is fit for the desk, and names nobody."""

from tongchou.ledger.errors import LedgerError


class CaseError(LedgerError):
    """The cases room refuses; nothing has changed."""


class OpenCaseExists(CaseError):
    """This person has a case of this disease that is still under way."""


class Stale(CaseError):
    """Somebody else changed the case in the meantime."""


class HasEnded(CaseError):
    """The case was discarded or has ended; what is wanted needs a new report."""


class NotProbabilities(CaseError):
    """Weights that are no probabilities, or that sum to more than one."""


class BadDocument(CaseError):
    """A file that is not taken: too large, empty, or of a type that is not read here."""
