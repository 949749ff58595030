from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "tongchou.supervision"
    label = "supervision"
    verbose_name = _("Supervision")

    def ready(self) -> None:
        from tongchou.ledger import registry
        from tongchou.shell import navigation
        from tongchou.supervision import loops

        registry.register(
            loops.INSPECTION,
            page="supervision:inspection_by_passage",
            label=loops.NAMES["inspection"],
            stages=loops.INSPECTION_STAGES,
            asks=("reported", "cancelled"),
        )
        for loop in (loops.RECTIFICATION, loops.URGENT_RECTIFICATION):
            registry.register(
                loop,
                page="supervision:finding_by_passage",
                label=loops.NAMES[loop.name],
                stages=loops.RECTIFICATION_STAGES,
                # What was done, or what is still wrong, is said on the page, beside the photos.
                asks=("rectified", "passed", "found", "withdrawn"),
            )
        registry.register(
            loops.OBJECTION,
            page="supervision:objection_by_passage",
            label=loops.NAMES["objection"],
            stages=loops.OBJECTION_STAGES,
            asks=("upheld", "refused"),
        )
        navigation.register(
            "supervision", _("Supervision"), "supervision:desk", "check", order=40, group="steer"
        )
