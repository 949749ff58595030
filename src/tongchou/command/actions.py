"""The command desk's writers: switching tempo, counting the ledger, taking readings."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, TempoChoice, subtree
from tongchou.command import tallying
from tongchou.command.errors import NothingToChange, NotInCommand
from tongchou.command.models import Activation, TallyRun
from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.models import Gap
from tongchou.ledger.retiming import retime
from tongchou.loops import Tempo
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of
from tongchou.staff.roles import Role


@transaction.atomic
def activate(
    *,
    area: Area,
    tempo: Tempo | str,
    by: User | None,
    now: datetime,
    reason: str = "",
    grade: str = "",
) -> Activation:
    """Set the tempo of `area` and all below it; every open deadline there follows at once.

    A smaller area may later be set apart again: the last act wins.

    Raises
    ------
    NotInCommand
        Where `by` is no commander of the area.
    NothingToChange
        Where everything is at that tempo already.
    """
    now = whole_second(now)
    if by is not None and not scope_of(by, now=now).may(Role.COMMANDER, area.path):
        raise NotInCommand(_("Only a commander of %(area)s can switch its tempo.") % {"area": area})
    policy.turning()
    came_from = Area.objects.values_list("tempo", flat=True).get(pk=area.pk)
    n_areas = (
        Area.objects.filter(subtree(area.path))
        .exclude(tempo=str(tempo))
        .update(tempo=str(tempo), tempo_since=now)
    )
    if n_areas == 0:
        raise NothingToChange(
            _("%(area)s and all below it are at %(tempo)s tempo already. Nothing was changed.")
            % {"area": area, "tempo": TempoChoice(str(tempo)).label}
        )
    book = policy.in_force(now)
    moved = retime(
        area_path=area.path, tempo=tempo, playbook=book, reason=Gap.Reason.TEMPO, now=now
    )
    activation = Activation.objects.create(
        area=area,
        area_path=area.path,
        tempo_from=came_from,
        tempo_to=str(tempo),
        grade=grade,
        reason=reason.strip()[:300],
        playbook=book.id,
        n_areas=n_areas,
        n_legs=moved.n_legs,
        n_gaps_closed=moved.n_gaps_closed,
        by=by,
        at=now,
    )
    audit.record(
        verb="command.activate",
        subject=f"area:{area.code}",
        by=by,
        now=now,
        detail={
            "from": came_from,
            "to": str(tempo),
            "areas": n_areas,
            "legs": moved.n_legs,
            "gaps": moved.n_gaps_closed,
        },
    )
    area.tempo, area.tempo_since = str(tempo), now
    return activation


def tally(*, now: datetime) -> TallyRun | None:
    """Count open legs and gaps for every area down to the street; None where a newer count exists.

    The counting reads without holding a lock; only the short exchange of rows is one transaction.
    """
    return tallying.store(tallying.count(now=now))
