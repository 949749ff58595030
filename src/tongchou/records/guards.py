"""Tables that the database itself refuses to change, on SQLite and on PostgreSQL.

TRUNCATE is left alone: only the test runner uses it, and an application role is not granted it.
"""

from typing import Any

from django.db import migrations


def install(
    schema_editor: Any,
    table: str,
    *,
    while_open: str = "",
    condition: str = "",
    drafts: bool = False,
) -> None:
    """Refuse DELETE on `table`, and UPDATE too.

    Parameters
    ----------
    while_open
        A column; where given, a row may still be updated while that column is null.
    condition
        SQL over OLD, instead of `while_open`, that says which updates are refused.
    drafts
        A row that may still be updated may be deleted too.
    """
    refused = condition or (f"OLD.{while_open} IS NOT NULL" if while_open else "")
    when = f"WHEN ({refused}) " if refused else ""
    message = f"{table} is append-only"
    if schema_editor.connection.vendor == "sqlite":
        for verb, clause in (("UPDATE", when), ("DELETE", when if drafts else "")):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {clause}"
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
                params=None,
            )
        return
    schema_editor.execute(
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$",
        params=None,
    )
    for verb, clause in (("UPDATE", when), ("DELETE", when if drafts else "")):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH ROW {clause}EXECUTE FUNCTION {table}_guard()",
            params=None,
        )


def lift(schema_editor: Any, table: str) -> None:
    """Undo `install`, for the reverse of a migration and for the flush between tests."""
    on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}", params=None)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_guard()", params=None)


def append_only(table: str, **limits: Any) -> migrations.RunPython:
    """The migration operation that guards `table`; see `install`."""
    return migrations.RunPython(
        lambda apps, editor: install(editor, table, **limits),
        lambda apps, editor: lift(editor, table),
    )
