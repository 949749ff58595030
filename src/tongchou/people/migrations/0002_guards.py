from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        append_only("people_disclosure"),
        append_only("people_keptapart"),
        append_only("people_merge", while_open="undone_at"),
    ]
