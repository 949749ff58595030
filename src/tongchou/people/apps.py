from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "tongchou.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from tongchou.people.purposes import MERGERS, PURPOSES
        from tongchou.shell import navigation
        from tongchou.staff.roles import Role

        navigation.register(
            "people", _("Look up a person"), "people:look_up", "people", PURPOSES, 70, group="desks"
        )
        navigation.register(
            "people",
            _("Possible duplicates"),
            "people:duplicates",
            "copy",
            MERGERS,
            20,
            group="records",
        )
        navigation.register(
            "people",
            _("Who saw identities"),
            "people:disclosures",
            "shield",
            (Role.STEWARD,),
            30,
            group="records",
        )
