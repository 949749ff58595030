from django.db import migrations

from tongchou.records.guards import append_only

#: Of a draft anything may be changed; of what was decided, signed or issued nothing.
_WHILE = {
    "orders_decision": "decided_at",
    "orders_meeting": "signed_at",
    "orders_order": "issued_at",
    "orders_consent": "signed_at",
    "orders_handover": "signed_at",
}
_DRAFTED = ("orders_option", "orders_agendaitem", "orders_attendance", "orders_measure")
_NEVER = ("orders_addition", "orders_flag", "orders_ending", "orders_swap")


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        *(append_only(table, while_open=column) for table, column in _WHILE.items()),
        *(append_only(table, condition="OLD.frozen", drafts=True) for table in _DRAFTED),
        *(append_only(table) for table in _NEVER),
    ]
