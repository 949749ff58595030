"""The command desk's writers: switching tempo, counting the ledger, taking readings."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, TempoChoice, subtree
from tongchou.command import queries, tallying
from tongchou.command.errors import NothingToChange, NotInCommand
from tongchou.command.models import Activation, Reading, TallyRun
from tongchou.command.panels import figures
from tongchou.ledger import adoption as adoptions
from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.models import Adoption, Gap
from tongchou.ledger.retiming import Retimed, retime
from tongchou.loops import Tempo
from tongchou.quarantine import actions as quarantine
from tongchou.quarantine.actions.replanning import Replanned
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


@dataclass(frozen=True)
class Adopted:
    """What putting a playbook in force moved: deadlines, and orders with their tests."""

    retimed: Retimed
    replanned: Replanned


def propose(*, text: str, reason: str, by: User, now: datetime) -> Adoption:
    """Put a playbook forward.

    Raises
    ------
    NotInCommand
        Where `by` is neither of a city's CDC nor its commander.
    PlaybookError
        Where the text is not a playbook; it names every line.
    """
    if not queries.may_propose(by, now=now):
        raise NotInCommand(_("Only the CDC or a commander of a whole city proposes a playbook."))
    return adoptions.propose(text=text, reason=reason.strip()[:300], by=by, now=now)


@transaction.atomic
def adopt(*, adoption: Adoption, by: User, now: datetime, seen: str = "") -> Adopted:
    """Put a proposed playbook in force: deadlines, orders and tests follow in the same act.

    `seen` is the digest of what the page showed.

    Raises
    ------
    NotInCommand
        Where `by` does not command a whole city.
    LedgerError
        Where they proposed it themselves, it was adopted or withdrawn already, or another playbook
        came into force since they looked.
    """
    if not queries.may_rule(by, now=now):
        raise NotInCommand(_("Only a commander of a whole city puts a playbook in force."))
    retimed = adoptions.adopt(adoption=adoption, by=by, now=now, seen=seen)
    replanned = quarantine.replan(playbook=policy.of(adoption), by=by, now=now)
    return Adopted(retimed, replanned)


def withdraw(*, adoption: Adoption, by: User, now: datetime) -> None:
    """Take a proposal back: its proposer, or a commander of a whole city.

    Raises
    ------
    NotInCommand
        Where `by` is neither.
    LedgerError
        Where it was adopted or withdrawn already.
    """
    if adoption.proposed_by_id != by.pk and not queries.may_rule(by, now=now):
        raise NotInCommand(_("Only its proposer or a commander of a whole city takes it back."))
    adoptions.withdraw(adoption=adoption, by=by, now=now)


def tally(*, now: datetime) -> TallyRun | None:
    """Count open legs and gaps for every area down to the street; None where a newer count exists.

    The counting reads without holding a lock; only the short exchange of rows is one transaction.
    """
    return tallying.store(tallying.count(now=now))


def take_readings(*, now: datetime) -> int:
    """Read the figures of every area that is looked at, down to the district; returns how many.

    Each area is written by itself, so that a long round never holds the writer of SQLite.
    """
    n = 0
    for area in queries.areas_to_read():
        seen = {figure.name: figure.read(area, now=now) for figure in figures() if figure.stored}
        rows = [
            Reading(area=area, figure=name, at=each.at, value=each.value, digest=each.digest)
            for name, each in seen.items()
            if each.at is not None
        ]
        Reading.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["area", "figure"],
            update_fields=["at", "value", "digest"],
        )
        n += len(rows)
    return n
