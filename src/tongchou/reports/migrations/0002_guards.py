from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [append_only("reports_signed"), append_only("reports_correction")]
