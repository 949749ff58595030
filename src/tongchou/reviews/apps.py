from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewsConfig(AppConfig):
    name = "tongchou.reviews"
    label = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        from tongchou.ledger import registry
        from tongchou.reviews import loops
        from tongchou.shell import navigation

        registry.register(
            loops.REVIEW,
            page="reviews:by_passage",
            label=pgettext_lazy("room", "review"),
            stages=loops.STAGES,
            # Each needs the page: what was found, the judgement, what has to be done again.
            asks=("analysed", "submitted", "accepted", "dropped"),
        )
        navigation.register(
            "reviews", _("Reviews"), "reviews:desk", "review", order=50, group="steer"
        )
