"""What the writers of this room share."""

from tongchou.cases.sanity import names_somebody
from tongchou.reports.errors import NotSaid


def plain(*texts: str) -> None:
    """Refuse texts that hold a document or phone number: identities have one place only.

    Raises
    ------
    NotSaid
        With how to write it instead.
    """
    for text in texts:
        if fault := names_somebody(text):
            raise NotSaid(f"{fault.says} {fault.mend}")
