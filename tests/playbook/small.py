"""A playbook as small as one can be, and random ones, for the tests of this room."""

import re
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tongchou import playbook
from tongchou.playbook import Playbook
from tongchou.playbook.durations import format_duration

SMALL = """\
id = "small"
title = { zh = "小预案", en = "Small" }
issuer = "A city"
valid_from = 2022-01-01

[disease.flu]
source = "a paper"
truth = "memory"
title = { zh = "流感", en = "Flu" }
incubation_period = { mean_days = 2, sd_days = 1 }
incubation_max_days = 4
serial_interval = { mean_days = 3, sd_days = 2, shape = "weibull" }
infectious_window = { from_days = -1, to_days = 5 }

[contact.close]
source = "an order"
truth = "verified"
clause = "article 3"
look_back_days = { value = 2, source = "a later order", truth = "seed" }
quarantine = [{ site = "facility", days = 7 }, { site = "home", days = 3 }]
test_days = [1, 4, 10]

[deadlines.parcel]
source = "an order"
truth = "verified"
sent = { peace = "4h", war = "2h", clause = "article 9" }
received = { peace = "1d12h", war = "90m" }

[escalation]
source = "an order"
truth = "memory"
step = { peace = "2h", war = "1h" }
rungs = ["street", "city"]

[timeliness]
source = "an order"
truth = "memory"
report = { zh = "报告", en = "report", since = "found", until = "reported", within = "2h" }

[retention]
source = "an order"
truth = "memory"
personal_data_days = 30
itinerary_days = 10
visit_days = 5
export_file_days = 1
"""


def small(*changes: tuple[str, str]) -> str:
    """The small playbook with some of its text replaced."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def child(body: str = "", *, head: str = "", base: str = "small") -> str:
    """A playbook that extends another and says only what is given."""
    return f"""\
id = "child"
title = {{ zh = "子预案", en = "Child" }}
issuer = "A city"
valid_from = 2022-02-01
extends = "{base}"
{head}
{body}"""


def parse_child(body: str = "", *, head: str = "") -> Playbook:
    return playbook.parse(
        child(body, head=head), resolve=lambda _: playbook.parse(SMALL), file="child.toml"
    )


# Everything TOML can carry: quotes, line breaks, control characters, Chinese.
lines = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda text: re.search(r"[^\s\x00-\x20\x7f-\xa0]", text) is not None
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True).filter(
    lambda name: name not in ("source", "truth", "clause", "title")
)
provenance = st.fixed_dictionaries(
    {"source": lines, "truth": st.sampled_from(["verified", "seed", "memory"])},
    optional={"clause": lines},
)
minutes = st.integers(1, 60 * 24 * 400).map(lambda n: timedelta(minutes=n))
spans = st.tuples(minutes, minutes).map(
    lambda pair: {"peace": format_duration(max(pair)), "war": format_duration(min(pair))}
)
texts = st.fixed_dictionaries({"zh": lines, "en": lines})


def _rule(content: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    return st.tuples(content, provenance).map(lambda both: {**both[0], **both[1]})


def _value(value: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return _rule(value.map(lambda each: {"value": each}))


days = st.integers(0, 3660)
numbers = st.floats(-400, 400, allow_nan=False).map(lambda x: x + 0.0)
positive = st.floats(1e-6, 1e6)
deadlines = _rule(spans)
segments = st.lists(
    st.fixed_dictionaries(
        {"site": st.sampled_from(["facility", "home"]), "days": st.integers(1, 30)},
        optional={"kind": st.sampled_from(["quarantine", "monitoring"])},
    ),
    min_size=1,
    max_size=3,
)
contacts = st.fixed_dictionaries(
    {},
    optional={
        "quarantine": _value(segments),
        "look_back_days": _value(days),
        "definition": _rule(texts),
    },
)
spells = _rule(
    st.fixed_dictionaries(
        {"mean_days": positive, "sd_days": positive},
        optional={"shape": st.sampled_from(["gamma", "lognormal", "weibull"])},
    )
)
diseases = st.fixed_dictionaries(
    {
        "title": texts,
        "incubation_period": spells,
        "incubation_max_days": _value(days),
        "serial_interval": spells,
        "infectious_window": _rule(st.just({"from_days": -1.5, "to_days": 3})),
    }
)
strengths = st.floats(0, 1000)
stretches = _rule(
    st.fixed_dictionaries({"mean_days": st.floats(0.01, 249), "sd_days": st.floats(0.01, 90)})
)
bands = st.lists(st.integers(1, 100), unique=True, max_size=3).map(lambda ages: [0, *sorted(ages)])
by_age = bands.flatmap(
    lambda ages: _rule(
        st.fixed_dictionaries(
            {
                "from_age": st.just(ages),
                "value": st.lists(st.floats(0, 1), min_size=len(ages), max_size=len(ages)),
            }
        )
    )
)
courses = st.fixed_dictionaries(
    {
        "r0": _value(st.floats(0.01, 100)),
        **dict.fromkeys(
            (
                "exposed_to_infectious",
                "infectious_to_symptoms",
                "symptoms_to_severe",
                "severe_to_critical",
                "critical_to_death",
                "recovery_asymptomatic",
                "recovery_mild",
                "recovery_severe",
                "recovery_critical",
            ),
            stretches,
        ),
        "share_symptomatic": _rule(st.just({"from_age": [0], "value": [1.0]})),
        "share_severe": by_age,
        "share_critical": _rule(st.just({"from_age": [0], "value": [0.0]})),
        "share_dead": _rule(st.just({"from_age": [0], "value": [0.0]})),
    },
    optional={
        "susceptibility": by_age,
        "ve_infection": _value(st.lists(st.floats(0, 1), min_size=4, max_size=4)),
        "layers": _rule(
            st.fixed_dictionaries(
                dict.fromkeys(
                    ("household", "class", "workplace", "compound", "community", "city", "vehicle"),
                    strengths,
                )
            )
        ),
    },
)
tempered = st.one_of(
    _value(st.integers(1, 100)),
    _rule(st.fixed_dictionaries({"peace": st.integers(1, 100), "war": st.integers(1, 100)})),
)
responses = st.fixed_dictionaries(
    {},
    optional={
        "rounds": st.fixed_dictionaries({}, optional={"pool_size": tempered}),
        "zones": st.fixed_dictionaries({"window_days": tempered}),
        "schools": st.fixed_dictionaries(
            {"closed": _value(st.lists(st.sampled_from(["primary", "secondary"]), max_size=2))}
        ),
        "work": st.fixed_dictionaries({"capacity": _value(st.floats(0, 1))}),
        "masks": st.fixed_dictionaries({"required": _value(st.booleans())}),
    },
)
zones = st.fixed_dictionaries({"title": texts, "unit": _rule(texts), "people": _rule(texts)})
targets = _rule(
    st.fixed_dictionaries(
        {
            "zh": lines,
            "en": lines,
            "since": lines,
            "until": lines,
            "within": minutes.map(format_duration),
        },
        optional={"share": st.floats(0.01, 1)},
    )
)
meetings = _rule(
    st.fixed_dictionaries(
        {"zh": lines, "en": lines, "tier": st.sampled_from(["close", "general"])},
        optional={"kinds": st.lists(lines, max_size=2), "min_minutes": st.integers(1, 600)},
    )
)
red_lines = _rule(st.fixed_dictionaries({"zh": lines, "en": lines, "code": names}))


def _with_courses_of_its_diseases(values: dict[str, Any]) -> dict[str, Any]:
    courses = dict(zip(values["disease"], values["course"].values(), strict=False))
    return {**values, "course": courses}


def _with_times_of_areas(values: dict[str, Any]) -> dict[str, Any]:
    """Areas settle what the city settles, each with the other tempo's times at both."""
    loop, stages = next(iter(values["deadlines"].items()))
    own = {stage: {**rule, "peace": rule["war"]} for stage, rule in stages.items()}
    areas = {
        code: {"title": title, "deadlines": {loop: own}} for code, title in values["area"].items()
    }
    return {**values, "area": areas}


playbooks = st.fixed_dictionaries(
    {
        "id": st.just("random"),
        "title": texts,
        "issuer": lines,
        "valid_from": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        "disease": st.dictionaries(names, diseases, max_size=2),
        "course": st.dictionaries(names, courses, max_size=1),
        "contact": st.fixed_dictionaries({"close": contacts}, optional={"secondary": contacts}),
        "deadlines": st.dictionaries(
            names,
            st.dictionaries(names, deadlines, min_size=1, max_size=3),
            min_size=1,
            max_size=3,
        ),
        "escalation": st.fixed_dictionaries(
            {"step": deadlines, "rungs": _value(st.lists(lines, min_size=1, max_size=3))}
        ),
        "area": st.dictionaries(st.from_regex(r"[0-9]{6}", fullmatch=True), texts, max_size=2),
        "meeting": st.dictionaries(names, meetings, max_size=2),
        "timeliness": st.dictionaries(names, targets, max_size=2),
        "retention": st.fixed_dictionaries(
            {
                key: _value(days)
                for key in (
                    "personal_data_days",
                    "itinerary_days",
                    "visit_days",
                    "export_file_days",
                )
            }
        ),
    },
    optional={
        "group": st.dictionaries(names, contacts, max_size=2),
        "zone": st.dictionaries(names, zones, max_size=2),
        "response": responses,
        "red_lines": st.dictionaries(lines, red_lines, max_size=2),
    },
).map(
    lambda values: Playbook.model_validate(
        _with_times_of_areas(_with_courses_of_its_diseases(values))
    )
)
