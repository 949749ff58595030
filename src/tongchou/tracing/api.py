"""The API of the tracing desk: visits come in by it, and nothing about anybody goes out.

There is no address here that reads a visit; questions are asked from a case, at the desk.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer

from tongchou.tracing.actions import visits as actions
from tongchou.tracing.models import VisitSource


class SourceToken(HttpBearer):
    """`Authorization: Bearer TOKEN`, as the data steward handed it to the source."""

    def authenticate(self, request: HttpRequest, token: str) -> VisitSource | None:
        try:
            return actions.source_of(token)
        except actions.UnknownSource:
            return None


class Visit(Schema):
    """One stay of one person at one place; `person` is a key of ours, or give the `phone`."""

    person: str = ""
    phone: str = ""
    place: str
    kind: str = "other"
    start: str
    end: str
    longitude: float | None = None
    latitude: float | None = None
    shared_room: bool | None = None


class Batch(Schema):
    """Visits sent at once. After a lost answer the same `batch` is sent again, and stored once."""

    batch: Annotated[str, Field(min_length=1, max_length=200)]
    visits: list[Visit]


class Refused(Schema):
    line: int
    reason: str
    mend: str


class Taken(Schema):
    """`read` = `taken` + `refused`; `again` where this batch had been stored before."""

    read: int
    taken: int
    refused: int
    again: bool
    refusals: list[Refused]


router = Router(tags=["visits"])


@router.post("/visits", auth=SourceToken(), response=Taken, summary="Send visits")
def send_visits(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    source: VisitSource = request.auth  # type: ignore[attr-defined]
    rows = [visit.model_dump(exclude_none=True) for visit in batch.visits]
    try:
        done = actions.post(source=source, batch=batch.batch, records=rows, now=timezone.now())
    except actions.TooMany as refusal:
        raise HttpError(413, str(refusal)) from refusal
    except actions.StoreBusy as refusal:
        raise HttpError(503, str(refusal)) from refusal
    return {
        "read": done.n_read,
        "taken": done.n_taken,
        "refused": done.n_refused,
        "again": done.again,
        "refusals": [
            {"line": one.line, "reason": one.words, "mend": one.mend} for one in done.refusals
        ],
    }
