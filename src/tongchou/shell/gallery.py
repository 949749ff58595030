"""Sample data for the gallery page: every component, in every state, with believable content."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongchou.shell import charts, icons
from tongchou.shell.paging import Page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A contact as "my turn" shows it."""

    key: str
    stage: str
    area: str
    opened_at: datetime
    due_at: datetime
    days: int
    counts: tuple[int | None, ...]
    tone: str = ""


class SampleForm(forms.Form):
    """One field of each kind."""

    place = forms.CharField(label=gettext_lazy("Place"), help_text=gettext_lazy("As on the sign."))
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"),
        choices=[
            ("close", gettext_lazy("close contact")),
            ("general", gettext_lazy("general contact")),
        ],
    )
    seen_on = forms.DateField(
        label=gettext_lazy("Last exposure"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("Ways of contact"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("meal", gettext_lazy("same meal")), ("ward", gettext_lazy("same ward"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label=gettext_lazy("Confirmed by telephone"), required=False)


def context(request: HttpRequest) -> dict[str, Any]:
    """What `shell/gallery.html` shows."""
    now = timezone.now()
    rows = _rows(now)
    refused = SampleForm({"place": "", "tier": "close", "seen_on": "2022-02-28", "ways": ["walk"]})
    refused.is_valid()
    return {
        "rows": rows,
        "first": rows[0],
        "page": Page(rows, {"after": "x"}, {"before": "y"}),
        "numbered": Page(rows, {"page": "3"}, {"page": "1"}, 1260, 51, 100, 2),
        "form": SampleForm(auto_id="plain_%s"),
        "refused": refused,
        "icons": sorted(icons.PATHS),
        "series": (3, 5, 4, 9, 14, 12, None, 11, 8, 6, 4),
        "early": now - 26 * HOUR,
        "recent": now - 4 * timedelta(minutes=1),
        "overdue": now - 3 * HOUR,
        "soon": now + timedelta(minutes=18),
        "calm": now + 7 * HOUR,
        "ended": now - 5 * HOUR,
        **_charts(get_language() or ""),
    }


def _rows(now: datetime) -> list[Row]:
    made = (
        ("P-7K3M-Q2", _("not found"), _("Xiling District"), -50, -3, 2, "bad"),
        ("P-2C8X-R9", _("located"), _("Wujiagang District"), -2, 0.3, 1, "warn"),
        ("P-9T4W-A1", _("notified"), _("Xiling District"), -1, 3, 3, ""),
        ("P-5N6B-L7", _("received"), _("Dianjun District"), -30, 41, 4, ""),
        ("P-1H2J-V8", _("received"), _("Yiling District"), -60, 108, 6, ""),
    )
    return [
        Row(key, stage, area, now + o * HOUR, now + d * HOUR, n, (1, 2, 2, n, 4, 3), tone)
        for key, stage, area, o, d, n, tone in made
    ]


@cache
def _charts(language: str) -> dict[str, charts.Chart]:
    """The same for everybody, so drawn once for each language."""
    start = date(2022, 3, 27)
    days = [start + i * DAY for i in range(30)]
    shape = [
        0,
        1,
        1,
        2,
        4,
        3,
        7,
        9,
        12,
        15,
        13,
        18,
        16,
        14,
        17,
        12,
        10,
        11,
        8,
        6,
        7,
        4,
        5,
        3,
        2,
        2,
        1,
        1,
        0,
        1,
    ]
    inside = [n * 2 // 3 if i > 8 else n // 3 for i, n in enumerate(shape)]
    outside = [a - b for a, b in zip(shape, inside, strict=True)]
    rt: list[float | None] = [None, None, None, *(2.4 - 0.07 * i for i in range(27))]
    return {
        "curve": charts.epidemic_curve(
            days,
            {_("found in quarantine"): inside, _("found in the community"): outside},
            what=_("Cases by onset"),
            incomplete_days=3,
            marks={days[7]: _("war tempo")},
            smooth=7,
        ),
        "bars": charts.bars(
            [_("listed"), _("notified"), _("located"), _("received"), _("not found")],
            {_("in time"): [14, 22, 9, 131, 2], _("late"): [3, 1, 2, 6, 4]},
            what=_("stage"),
        ),
        "lines": charts.lines(
            days,
            {"Rt": rt},
            what=_("day"),
            bands={"Rt": ([v and v * 0.8 for v in rt], [v and v * 1.25 for v in rt])},
            level=(1, _("the outbreak shrinks below this line")),
        ),
        "map": charts.districts_map(
            _features(),
            {"a": 41, "b": 17, "c": 6, "d": 0, "e": None, "f": 2},
            what=_("open cases"),
            urls={k: f"#{k}" for k in "abcdef"},
        ),
        "graph": charts.network(*_graph(days), kinds=_kinds(), layout="days", what=_("Contacts")),
        "spells": charts.day_lines(
            _spells(datetime(2022, 4, 1)),  # noqa: DTZ001 - wall time
            kinds=_stops(),
            what=_("Stays"),
            window=(datetime(2022, 4, 2), datetime(2022, 4, 4, 9), _("infectious")),  # noqa: DTZ001
            holes=[(datetime(2022, 4, 2, 21), datetime(2022, 4, 3, 7))],  # noqa: DTZ001
        ),
        "spots": charts.spots_map(
            [
                charts.Spot(_("market"), 111.0, 30.02, "shop", ("1", "4")),
                charts.Spot(_("school"), 111.05, 30.0, "work", ("2",)),
                charts.Spot(_("harbour"), 111.02, 30.05, "home", ("3",), near=True),
            ],
            {
                _("harbour"): _outline(110.9, 29.95, 0.12),
                _("old town"): _outline(111.02, 29.95, 0.1),
            },
            kinds=_stops(),
            what=_("Stays"),
            path=[0, 1, 2, 0],
        ),
    }


def _stops() -> dict[str, str]:
    return {"home": _("home"), "shop": _("market"), "work": _("school")}


def _spells(first: datetime) -> list[charts.Spell]:
    """Three days of somebody: a night over midnight, two places at once, a day hardly known."""
    hours = (
        (8, 12, "shop", False),
        (11, 13, "work", False),
        (18, 31, "home", False),
        (33, 45, "shop", False),
        (48, 72, "home", True),
        (80, 81, "work", False),
    )
    return [
        charts.Spell(
            first + a * HOUR, first + b * HOUR, _stops()[kind], kind, mark=str(n), rough=rough
        )
        for n, (a, b, kind, rough) in enumerate(hours, 1)
    ]


def _outline(west: float, south: float, size: float) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _features() -> list[dict[str, Any]]:
    """Six made-up districts that share their borders."""
    corners = {
        "a": [(0, 0), (3, 0.4), (3.4, 2.1), (1.2, 2.6), (-0.4, 1.8)],
        "b": [(3, 0.4), (6, 0), (6.6, 1.9), (3.4, 2.1)],
        "c": [(6, 0), (8.6, 0.8), (9.2, 2.8), (6.9, 3.3), (6.6, 1.9)],
        "d": [(-0.4, 1.8), (1.2, 2.6), (1.6, 5), (-0.8, 4.7)],
        "e": [(1.2, 2.6), (3.4, 2.1), (6.6, 1.9), (6.9, 3.3), (4.6, 5.3), (1.6, 5)],
        "f": [(6.9, 3.3), (9.2, 2.8), (8.8, 5.2), (4.6, 5.3)],
    }
    names = {
        "a": _("Xiling District"), "b": _("Wujiagang District"), "c": _("Yiling District"),
        "d": _("Dianjun District"), "e": _("Xiaoting District"), "f": _("Zhijiang"),
    }  # fmt: skip
    return [
        {
            "type": "Feature",
            "properties": {"adcode": k, "name": names[k]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[(111 + x / 10, 30.5 + y / 10) for x, y in [*ring, ring[0]]]],
            },
        }
        for k, ring in corners.items()
    ]


def _kinds() -> dict[str, str]:
    return {"case": _("case"), "contact": _("close contact"), "ill": _("contact who fell ill")}


def _graph(days: list[date]) -> tuple[list[charts.Node], list[charts.Edge]]:
    cast = (
        ("C-001", "case", 0), ("C-014", "ill", 6), ("C-017", "ill", 7), ("P-7K3M", "contact", 6),
        ("P-2C8X", "contact", 8), ("C-031", "ill", 12), ("C-032", "ill", 13),
        ("P-9T4W", "contact", 13), ("P-5N6B", "contact", 14), ("P-1H2J", "contact", 12),
        ("C-044", "ill", 18), ("P-6V7Z", "contact", 19),
    )  # fmt: skip
    links = (
        (0, 1, 0.9), (0, 2, 0.7), (0, 3, 0.2), (1, 4, 0.3), (1, 5, 0.8), (2, 6, 0.55), (1, 6, 0.25),
        (2, 7, 0.2), (2, 8, 0.3), (1, 9, 0.1), (5, 10, 0.75), (6, 10, 0.2), (10, 11, 0.4),
    )  # fmt: skip
    nodes = [
        charts.Node(key, key, kind, day=days[d], url=f"#{key}", focus=key == "C-001")
        for key, kind, d in cast
    ]
    return nodes, [charts.Edge(cast[a][0], cast[b][0], p) for a, b, p in links]
