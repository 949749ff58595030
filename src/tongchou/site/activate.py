"""`tongchou activate AREA war|peace`: switch an area and all below it, after showing what moves."""

import argparse
import sys

from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.areas.queries import find
from tongchou.command import actions, activation
from tongchou.command.errors import CommandRefused, NothingToChange
from tongchou.command.models import Grade
from tongchou.loops import Tempo
from tongchou.loops.drawing import short
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.staff.models import User


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("area", metavar="AREA", help="code or name of the area")
    parser.add_argument("tempo", choices=[str(tempo) for tempo in Tempo])
    parser.add_argument("--dry-run", action="store_true", help="show what would move, move nothing")
    parser.add_argument("--by", metavar="USER", help="the commander who orders it")
    parser.add_argument("--reason", default="", help="kept with the order")
    parser.add_argument("--grade", default="", choices=Grade.values, help="response level, 1 to 4")


def run(options: argparse.Namespace) -> int:
    migrate()
    now = timezone.now()
    try:
        area = find(options.area)
        by = User.objects.get(username=options.by) if options.by else None
    except Area.DoesNotExist as error:
        raise Wrong(str(error)) from error
    except User.DoesNotExist as error:
        raise Wrong(f"there is no user {options.by!r}") from error
    seen = activation.preview(area=area, tempo=options.tempo, now=now)
    print("\n".join(in_words(seen)))
    if options.dry_run:
        print("\nNothing was changed (--dry-run).")
        return 0
    try:
        done = actions.activate(
            area=area,
            tempo=options.tempo,
            by=by,
            now=timezone.now(),
            reason=options.reason,
            grade=options.grade,
        )
    except NothingToChange as told:
        print(f"\n{told}")
        return 0
    except CommandRefused as refusal:
        print(f"\ntongchou: {refusal}", file=sys.stderr)
        return 1
    print(
        f"\n{area} is at {options.tempo} tempo: {done.n_areas} areas, "
        f"{done.n_legs} deadlines moved, "
        f"{done.n_gaps_closed} gaps closed because they are no longer due."
    )
    return 0


def in_words(seen: activation.Preview) -> list[str]:
    """The preview as lines of text."""
    moves = seen.moves
    lines = [
        f"{seen.area} ({seen.area.code}) to {seen.tempo} under playbook {seen.playbook}",
        f"  areas that change     {seen.n_areas}",
        f"  open hand-offs        {moves.n_open}, of them {moves.n_moved} get another deadline",
        f"  late at once          {moves.n_newly_late}",
        f"  no longer late        {moves.n_no_longer_late}",
        f"  a gap climbs each     {short(seen.step_after)} (now {short(seen.step_before)})",
    ]
    if moves.with_legs:
        lines += ["", f"  {'stage':34}{'open':>9}{'deadline':>16}{'late at once':>14}  clause"]
    for stage in moves.with_legs:
        name = f"{stage.loop}.{stage.stage}"
        change = f"{short(stage.before)} → {short(stage.after)}"
        lines.append(
            f"  {name:34}{stage.n_open:>9}{change:>16}{stage.n_newly_late:>14}"
            f"  {stage.clause or stage.source}"
        )
    lines += ["", "  on post"]
    lines += [f"    {d.role_label}: {d.unit}, {', '.join(d.users)}" for d in seen.on_post]
    if seen.missing:
        lines += ["", "  nobody on post (a gap has no owner there)"]
        lines += [f"    {hole.role_label}: {hole.area}" for hole in seen.missing]
    return lines
