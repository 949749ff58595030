from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AreasConfig(AppConfig):
    name = "tongchou.areas"
    label = "areas"
    verbose_name = _("Areas")

    def ready(self) -> None:
        from tongchou.shell import navigation

        navigation.register("areas", _("Areas"), "areas:tree", "area", order=10, group="setup")
        navigation.register("areas", _("Places"), "areas:places", "pin", order=15, group="setup")
