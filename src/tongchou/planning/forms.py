"""What people type at this desk: a scenario in words, a scenario as text, a study."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tongchou import playbook as playbooks
from tongchou.areas.models import Area
from tongchou.ledger.models import Adoption
from tongchou.planning.building import BEHAVIOUR, SEARCHES
from tongchou.planning.composing import CAPACITIES, OWN
from tongchou.planning.known import Known
from tongchou.planning.models import Kind
from tongchou.planning.texts import LONGEST

CITIES = (
    (OWN, _("the residents of this area")),
    ("china-city", _("a city as China's are in the mean")),
    ("large-city", _("a large city without farmers")),
)
BEHAVIOURS = (
    ("steady", _("they keep to it for months")),
    ("tiring", _("they tire of it over two months")),
    ("weary", _("they are weary of it already")),
)
GROUPS = (
    ("rounds", _("rounds of testing: how often, of whom")),
    ("zones", _("the unit that is locked: building to community")),
    ("opening", _("clean days before a zone is opened")),
    ("quarantine", _("days in facility quarantine")),
    ("work", _("how many may be at work")),
    ("tracing", _("days from a case to its contacts")),
)
assert {key for key, _words in GROUPS} == set(SEARCHES)
assert {key for key, _words in BEHAVIOURS} == set(BEHAVIOUR)

#: Larger plans are left to the command line, which takes every core of a machine.
MOST_RUNS = 2_000


class ScenarioForm(forms.Form):
    """A scenario in the words of a commander."""

    title = forms.CharField(label=_("Title"), max_length=120)
    city = forms.ChoiceField(
        label=_("Who lives there"),
        choices=CITIES,
        help_text=_("A made-up city with the same households, schools and work; no real person."),
    )
    people = forms.IntegerField(
        label=pgettext_lazy("scenario", "People"),
        required=False,
        min_value=1000,
        max_value=20_000_000,
        help_text=_("Empty: as many as live there. Fewer people make a quicker, rougher study."),
    )
    playbook = forms.ChoiceField(
        label=_("Playbook"), help_text=_("What the city does, in peace and at war.")
    )
    disease = forms.ChoiceField(label=_("Disease"))
    start_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    days = forms.IntegerField(label=_("Days"), min_value=7, max_value=365, initial=90)
    infections = forms.IntegerField(
        label=_("Infected on the first day"),
        min_value=0,
        max_value=1_000_000,
        help_text=_(
            "Infected and not yet reported: from the cases of two weeks, their growth, and the "
            "days from infection to report. Assumed: every infection is reported in the end."
        ),
    )
    behaviour = forms.ChoiceField(
        label=_("How people keep to measures"),
        choices=BEHAVIOURS,
        help_text=_("Assumed; nobody measured it. Try more than one."),
    )
    measured = forms.BooleanField(
        label=_("Use the delays measured in the ledger"), required=False, initial=True
    )
    tracers = forms.IntegerField(label=_("Tracers"), required=False, min_value=0)
    tubes = forms.IntegerField(
        label=_("PCR tubes a day"),
        required=False,
        min_value=0,
        help_text=_("Of every sample: clinics, quarantine, zones, arrivals, rounds, checkpoints."),
    )
    rooms = forms.IntegerField(label=_("Quarantine rooms"), required=False, min_value=0)
    beds = forms.IntegerField(label=_("Beds for cases"), required=False, min_value=0)
    severe_beds = forms.IntegerField(label=_("Beds for the severe"), required=False, min_value=0)
    icu_beds = forms.IntegerField(label=_("Intensive-care beds"), required=False, min_value=0)
    search = forms.MultipleChoiceField(
        label=_("What a plan may change"),
        choices=GROUPS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[key for key, _words in GROUPS],
    )
    severe_at_most = forms.IntegerField(
        label=_("Severe cases in bed, never more than"),
        required=False,
        min_value=0,
        help_text=_("A plan must keep to it in 95 of 100 runs. Empty: no such bound."),
    )

    def __init__(
        self, *args: Any, books: Iterable[tuple[str, str]], courses: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["playbook"].choices = list(books)  # type: ignore[attr-defined]
        self.fields["disease"].choices = list(courses)  # type: ignore[attr-defined]
        for name in CAPACITIES:
            self.fields[name].help_text = gettext("Empty: as such cities have on average.")


class TextForm(forms.Form):
    """A scenario as text, for those who know the file."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Scenario as text"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "mono"}),
    )


class StudyForm(forms.Form):
    """What to ask of a scenario."""

    kind = forms.ChoiceField(label=_("Question"), choices=Kind.choices)
    seeds = forms.IntegerField(
        label=_("Runs"),
        min_value=2,
        max_value=200,
        initial=20,
        help_text=_("Of each plan, with the same dice. More runs, narrower doubt."),
    )
    budget = forms.IntegerField(
        label=_("Plans to try"),
        min_value=2,
        max_value=300,
        initial=24,
        required=False,
        help_text=_("Only for a plan."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") != Kind.PLAN:
            given["budget"] = 1
        elif not given.get("budget"):
            self.add_error("budget", gettext("Say how many plans to try."))
        elif given["budget"] * given.get("seeds", 1) > MOST_RUNS:
            words = gettext("That is more than %(n)s runs; use `tongchou plan` for so many.")
            self.add_error("budget", words % {"n": f"{MOST_RUNS:,}"})
        return given


class ProposeForm(forms.Form):
    """Why a plan should be the city's playbook."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        min_length=4,
        help_text=_("Whoever adopts it reads this beside the changes."),
    )


def books_known(now: datetime, *, language: str) -> list[tuple[str, str]]:
    """Playbooks to choose from: the one in force first, then those shipped and put forward."""
    newest = Adoption.objects.filter(adopted_at__lte=now).order_by("-adopted_at", "-id").first()
    current = f"p{newest.pk}" if newest else settings.TONGCHOU_PLAYBOOK
    found = {
        name: playbooks.load(name).title.of(language)
        for name in playbooks.shipped()
        if name != "cn-base"
    }
    waiting = Adoption.objects.filter(withdrawn_at=None).order_by("-id").only("playbook")[:20]
    found |= {f"p{each.pk}": f"{each.playbook} (p{each.pk})" for each in waiting}
    said = gettext("in force: %s") % found.pop(current, current)
    return [(current, said), *found.items()]


def courses_known(book: playbooks.Playbook, *, language: str) -> list[tuple[str, str]]:
    """Diseases of whose course a playbook knows, that of the playbook first."""
    own = book.main_disease
    codes = sorted(book.courses, key=lambda code: (code != own, code))
    return [
        (code, book.diseases[code].title.of(language) if code in book.diseases else code)
        for code in codes
    ]


def initial(area: Area, known: Known, books: list[tuple[str, str]]) -> dict[str, Any]:
    """A form filled in from the state of the city."""
    return {
        "title": gettext("%(area)s on %(day)s") % {"area": area.name, "day": known.today},
        "city": OWN if known.people else "china-city",
        "playbook": books[0][0],
        "disease": known.playbook.main_disease or "",
        "start_on": known.today,
        "days": 90,
        "infections": max(known.outbreak.infected, 1),
        "behaviour": "tiring",
        "rooms": known.rooms or None,
        "measured": True,
    }
