"""What the command desk refuses. Every message is fit for the person at the desk."""


class CommandRefused(Exception):
    """The command desk refuses; nothing has changed."""


class NotInCommand(CommandRefused):
    """Only a commander whose post covers the area may do this."""


class NothingToChange(CommandRefused):
    """The area and all below it are at this tempo already."""
