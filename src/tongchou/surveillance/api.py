"""The API of the surveillance desk: counts of sentinels come in by it."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer

from tongchou.surveillance.actions import senders as actions
from tongchou.surveillance.models import CountSender


class SenderToken(HttpBearer):
    """`Authorization: Bearer TOKEN`, as it was handed to the sender."""

    def authenticate(self, request: HttpRequest, token: str) -> CountSender | None:
        try:
            return actions.sender_of(token)
        except actions.UnknownSender:
            return None


class OneCount(Schema):
    """What one site counted in one channel on one day; what was not counted is left out."""

    site: str
    channel: str
    day: str
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    denominator: Annotated[float | None, Field(ge=0, allow_inf_nan=False)] = None


class Counts(Schema):
    counts: list[OneCount]


class RefusedCount(Schema):
    line: int
    reason: str
    mend: str


class TakenCounts(Schema):
    """`read` = `new` + `revised` + `unchanged` + `refused`. The same again changes nothing."""

    read: int
    new: int
    revised: int
    unchanged: int
    refused: int
    refusals: list[RefusedCount]


router = Router(tags=["counts"])


@router.post("/counts", auth=SenderToken(), response=TakenCounts, summary="Send counts")
def send_counts(request: HttpRequest, sent: Counts) -> dict[str, Any]:
    sender: CountSender = request.auth  # type: ignore[attr-defined]
    records = [count.model_dump() for count in sent.counts]
    try:
        done = actions.send_counts(sender=sender, records=records, now=timezone.now())
    except actions.TooMany as refusal:
        raise HttpError(413, str(refusal)) from refusal
    return {
        "read": done.n_read,
        "new": len(done.receipt.new),
        "revised": len(done.receipt.revised),
        "unchanged": len(done.receipt.unchanged),
        "refused": len(done.refusals),
        "refusals": [
            {"line": one.line, "reason": one.reason, "mend": one.mend} for one in done.refusals
        ],
    }
