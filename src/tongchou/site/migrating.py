"""`tongchou migrate`: the database of an instance, brought to this version."""

import argparse
from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

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
    if up_to_date():
        return
    if fresh.is_fresh():
        fresh.lay_out()
    call_command("migrate", verbosity=verbosity, interactive=False)


def up_to_date() -> bool:
    """Whether every migration on disk is noted in the database: names only, so it costs nothing.

    Django's own way imports them all and looks at every content type, at every start.
    """
    on_disk = set()
    for config in apps.get_app_configs():
        with suppress(ModuleNotFoundError):
            package = import_module(f"{config.name}.migrations")
            on_disk |= {(config.label, name) for _, name, _ in iter_modules(package.__path__)}
    with suppress(DatabaseError):
        return on_disk <= set(MigrationRecorder(connection).applied_migrations())
    return False


def waiting() -> list[str]:
    """Migrations not yet applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]
