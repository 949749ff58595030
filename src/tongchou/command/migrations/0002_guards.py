from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    """An activation is the record of an order: nobody edits it, nobody deletes it."""

    dependencies = [("command", "0001_initial")]

    operations = [
        append_only("command_activation"),
    ]
