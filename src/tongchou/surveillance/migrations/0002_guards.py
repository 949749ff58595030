from django.db import migrations

from tongchou.records.guards import append_only

#: A count is never changed, only superseded: the one update that passes takes `current` away.
_CHANGED = " OR ".join(
    [
        "NOT OLD.current",
        "NEW.current",
        "NEW.value <> OLD.value",
        "COALESCE(NEW.denominator, -1) <> COALESCE(OLD.denominator, -1)",
        "NEW.duty_id <> OLD.duty_id",
        "NEW.day <> OLD.day",
        "NEW.revision <> OLD.revision",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("surveillance", "0001_initial")]

    operations = [append_only("surveillance_count", condition=_CHANGED)]
