from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    """What has ended cannot be edited, and nothing can be deleted."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        append_only("ledger_handoff", while_open="done_at"),
        append_only("ledger_passage", while_open="closed_at"),
        append_only("ledger_gap", while_open="closed_at"),
    ]
