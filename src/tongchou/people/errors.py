"""What the people room refuses. Every message is fit for the desk, and names nobody."""


class PeopleError(Exception):
    """The people room refuses; nothing has changed."""


class CannotOpen(PeopleError):
    """A sealed text cannot be opened: its key is missing, or somebody touched it."""


class BadDocument(PeopleError):
    """A document number that cannot be right; the message says what to look at."""


class FileLost(PeopleError):
    """A sealed file is not where it was put, or cannot be opened any more."""


class BadPicture(PeopleError):
    """A photo that is not kept: empty, too large, damaged, or of another kind."""


class BadPhone(PeopleError):
    """A phone number that cannot be right."""


class Contradiction(PeopleError):
    """What was typed and what the document says cannot both be true."""


class MayNotSee(PeopleError):
    """No post of this user allows it here, for this purpose."""


class TooMany(PeopleError):
    """More identities within the hour than anybody's work needs."""


class NoIdentity(PeopleError):
    """There is no identity to show: none was recorded, or it was destroyed."""


class CannotMerge(PeopleError):
    """These two cannot be one person in the records now; the message says why."""
