from django.db import migrations

from tongchou.records.guards import append_only

#: What a closed problem was, and why it was closed, stays; whether it is a common one may be seen
#: later.
_REWRITTEN = " OR ".join(
    [
        "NEW.stage <> OLD.stage",
        "NEW.title <> OLD.title",
        "NEW.what <> OLD.what",
        "NEW.decision <> OLD.decision",
        "COALESCE(NEW.solved_by_id, 0) <> COALESCE(OLD.solved_by_id, 0)",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("lists", "0001_initial")]

    operations = [
        append_only("lists_entry"),
        append_only("lists_evidence"),
        # An accepted or cancelled task is never touched again.
        append_only("lists_task", condition="OLD.closed_at IS NOT NULL"),
        append_only("lists_problem", condition=f"OLD.closed_at IS NOT NULL AND ({_REWRITTEN})"),
    ]
