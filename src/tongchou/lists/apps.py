from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "tongchou.lists"
    label = "lists"
    verbose_name = _("Two lists")

    def ready(self) -> None:
        pass
