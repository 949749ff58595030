"""`tongchou migrate`: the database of an instance, brought to this version."""

import argparse

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tongchou.site import fresh


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if work waits")


def run(options: argparse.Namespace) -> int:
    if options.check:
        return 1 if waiting() else 0
    migrate(verbosity=1)
    return 0


def migrate(*, verbosity: int = 0) -> None:
    """Bring the database to this version; a fresh one gets all its tables."""
    if fresh.is_fresh():
        fresh.lay_out()
    call_command("migrate", verbosity=verbosity, interactive=False)


def waiting() -> list[str]:
    """Migrations not yet applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]
