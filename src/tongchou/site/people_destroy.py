"""`tongchou people destroy`: what the worker does every six hours, now and with a count."""

import argparse

from django.utils import timezone

from tongchou.people import actions
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # nothing to choose: the dates stand in the records


def run(options: argparse.Namespace) -> int:
    migrate()
    done = actions.destroy_due(now=timezone.now())
    print(f"{done.n_due} due = {done.n_destroyed} destroyed + {done.n_postponed} postponed")
    return 0
