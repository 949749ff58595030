from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        append_only("records_auditevent"),
        append_only("records_auditseal"),
    ]
