"""All sealed files of the instance, kind by kind: what the sweep and a new key go through."""

from datetime import datetime

from tongchou.cases import documents
from tongchou.lists.actions import filing
from tongchou.people.files import SealedFiles
from tongchou.records import audit
from tongchou.supervision.actions import photos

KINDS: dict[str, SealedFiles] = {
    "documents": documents.FILES,
    "photos": photos.FILES,
    "files of tasks": filing.FILES,
}


def sweep(*, now: datetime) -> str:
    """Remove the files that no row needs, of every kind; what went is in the trail."""
    told = []
    for name, files in KINDS.items():
        n = files.sweep(now=now)
        told.append(f"{n} {name}")
        if n:  # at once: the next kind may fail
            audit.record(verb="files.sweep", subject="files", by=None, now=now, detail={name: n})
    return ", ".join(told)


def reseal(broken: list[str]) -> dict[str, int]:
    """Seal every file under the active key; how many were under another, by kind."""
    return {name: files.reseal(broken) for name, files in KINDS.items()}
