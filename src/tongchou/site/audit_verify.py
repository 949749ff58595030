"""`tongchou audit verify`: recompute the chain over every event; exit code 1 where it is broken."""

import argparse

from django.utils import timezone

from tongchou.records import audit
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seal", action="store_true", help="seal what is not sealed yet, first")


def run(options: argparse.Namespace) -> int:
    migrate()
    if options.seal:
        audit.seal(now=timezone.now())
    verdict = audit.verify()
    print(f"{verdict.n_events} events, {verdict.n_unsealed} of them not sealed yet")
    print(f"head {verdict.head}")
    for fault in verdict.faults:
        print(f"BROKEN {fault}")
    print("whole" if verdict.whole else "The audit was changed. Keep this database as evidence.")
    return 0 if verdict.whole else 1
