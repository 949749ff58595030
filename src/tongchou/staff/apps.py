from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "tongchou.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from tongchou.shell import navigation

        navigation.register(
            "staff", _("Who answers for what"), "staff:who", "who", order=20, group="setup"
        )
        navigation.register(
            "staff",
            _("Users"),
            "staff:users",
            "person",
            ("steward", "commander"),
            order=25,
            group="setup",
        )
        navigation.link("account", "staff:profile")
