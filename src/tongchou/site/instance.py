"""An instance that a command may use though it needs none: its people, playbooks and ledger."""

import argparse
import os
from typing import TYPE_CHECKING

from tongchou.site import options
from tongchou.site.cli import Wrong

if TYPE_CHECKING:
    from tongchou.areas.models import Area
    from tongchou.planning.scenarios import ScenarioFile

__all__ = ["arguments", "with_delays"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="DIR", help="take delays from the ledger of this instance"
    )
    parser.add_argument(
        "--area", metavar="CODE", help="with --data: whose hand-offs (the topmost area)"
    )


def with_delays(file: "ScenarioFile", given: argparse.Namespace) -> "ScenarioFile":
    """The scenario with the delays that the instance has measured; as it is without `--data`.

    Raises
    ------
    Wrong
        Where there is no instance, or no such area in it.
    """
    if given.data is None:
        if given.area is not None:
            raise Wrong("--area says whose ledger to look into; say where it is with --data DIR")
        return file
    area = _area(given)

    from django.utils import timezone

    from tongchou.planning.measuring import with_ledger

    return with_ledger(file, area, now=timezone.now())


def _area(given: argparse.Namespace) -> "Area":
    folder = os.path.abspath(os.path.expanduser(given.data))
    if not os.path.isdir(folder):
        raise Wrong(f"--data {given.data}: there is no such folder; asking founds no instance")
    os.environ[options.PREFIX + "DATA"] = folder
    from tongchou.site.cli import set_up_django

    set_up_django()
    from tongchou.areas.models import Area
    from tongchou.site.migrating import migrate

    migrate()

    found = Area.objects.filter(ended_on=None).order_by("level", "path")
    if given.area is not None:
        found = found.filter(pk=given.area)
    area = found.first()
    if area is None:
        asked = f"no area {given.area!r}" if given.area else "no area"
        raise Wrong(f"--data {given.data}: there is {asked} in it; import areas first")
    return area
