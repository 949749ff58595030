"""How the inbox "my turn" hands a stay over: through the verbs of the desk, with all they refuse.

What needs a site, a room or a reason is not here: the inbox sends the reader to the stay's page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tongchou.ledger.models import Passage
from tongchou.ledger.registry import Act
from tongchou.quarantine.actions import stays
from tongchou.quarantine.models import Stay
from tongchou.staff.models import User


def _act(verb: Callable[..., Stay]) -> Act:
    def act(*, passage: Passage, to: str, by: User, now: datetime, note: str) -> Any:
        stay = Stay.objects.select_related("order").get(passage=passage)
        stay.passage = passage  # what the desk saw, so that a stale desk is told
        return verb(stay=stay, by=by, now=now, note=note)

    return act


ACTS: dict[str, Act] = {
    "at_home": _act(stays.move_home),
    "released": _act(stays.release),
    "absent": _act(stays.mark_absent),
    "ill": _act(stays.mark_ill),
}
