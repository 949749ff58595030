from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "tongchou.site"
    label = "site"
    verbose_name = _("Site")

    def ready(self) -> None:
        from tongchou.site import translations, wiring

        translations.compile_all()
        wiring.connect()
