from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [
        append_only("supervision_checklist"),
        append_only("supervision_answer"),
        append_only("supervision_notice", while_open="signed_at"),
        append_only("supervision_evaluation", while_open="published_at"),
        append_only("supervision_figures"),
        append_only("supervision_disputed"),
        append_only("supervision_ruling"),
    ]
