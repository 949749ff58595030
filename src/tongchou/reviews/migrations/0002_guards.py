from django.db import migrations

from tongchou.records.guards import append_only


class Migration(migrations.Migration):
    """An accepted review is what was accepted; an answer to a why stays the answer."""

    dependencies = [("reviews", "0001_initial")]

    operations = [
        append_only("reviews_review", while_open="accepted_at"),
        append_only("reviews_why"),
    ]
