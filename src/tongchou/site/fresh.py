"""The tables of a fresh SQLite file, made from the models at once not migration by migration.

Django renders every model anew for each of some sixty migrations: four of the five seconds until a
new instance has its tables. What the models say is what the migrations lead to; that both end in
the same tables, indexes and rows is proven by tests/site/test_fresh.py. What is not a table (the
triggers that guard the append-only ones) stays with its migrations, which run as ever.
"""

from django.apps import apps
from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def is_fresh() -> bool:
    """Whether this is an SQLite file with nothing in it yet."""
    return connection.vendor == "sqlite" and not connection.introspection.table_names()


def lay_out() -> None:
    """Make every table, and note as applied the migrations that would have led to it."""
    loader = MigrationLoader(connection)
    connection.disable_constraint_checking()
    try:
        with connection.schema_editor() as editor:
            for model in apps.get_models(include_auto_created=True):
                options = model._meta
                if options.can_migrate(connection) and not options.auto_created:
                    editor.create_model(model)  # and the tables of its many-to-many fields
    finally:
        connection.enable_constraint_checking()
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    left = [key for key in ordered(loader) if not leads_to_tables(loader.graph.nodes[key])]
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name)
        for app, name in ordered(loader)
        if (app, name) not in left
    )
    # Some of those left come before tables that are there already, and only a plan says so.
    executor = MigrationExecutor(connection)
    plan = [(executor.loader.graph.nodes[key], False) for key in left]
    executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)


def ordered(loader: MigrationLoader) -> list[tuple[str, str]]:
    """Every migration, each after those it depends on."""
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        plan.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(plan)


def leads_to_tables(migration: Migration) -> bool:
    """False for one of ours that only runs statements of its own: guards, or rows to begin with.

    What the libraries' statements mend are rows of older versions, and there are none.
    """
    ours = type(migration).__module__.startswith("tongchou.")
    return not ours or not all(
        isinstance(operation, RunPython | RunSQL) for operation in migration.operations
    )
