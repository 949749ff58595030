from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommandConfig(AppConfig):
    name = "tongchou.command"
    label = "command"
    verbose_name = _("Command")

    def ready(self) -> None:
        from tongchou.command import queries
        from tongchou.ledger import signatures
        from tongchou.shell import navigation
        from tongchou.staff.roles import Role

        # The room is the first page of those who command, and one among others for the rest.
        leaders = (Role.DUTY_OFFICER, Role.COMMANDER)
        others = tuple(role for role in Role if role not in leaders)
        navigation.register(
            "command",
            _("Command room"),
            "command:room",
            "command",
            roles=leaders,
            order=0,
            group="now",
        )
        navigation.register(
            "command",
            _("Situation"),
            "command:situation",
            "command",
            roles=others,
            order=20,
            group="now",
        )
        navigation.register("command", _("Gap board"), "command:gaps", "gap", order=10, group="now")
        navigation.register(
            "command", _("Playbooks"), "command:playbooks", "playbook", order=70, group="records"
        )
        navigation.register(
            "command",
            _("Audit"),
            "command:audit",
            "audit",
            roles=(Role.STEWARD,),
            order=90,
            group="records",
        )
        signatures.register(queries.to_sign)
