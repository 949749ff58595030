"""162 cases and 98 contact pairs through the loops, in peace and in war, and nobody is put down."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import ON_POSTGRES
from tests.journeys.mers import KOREA, Mers, line_list, pairs
from tongchou.areas.models import Area
from tongchou.cases.models import Case, Contact, Exposure
from tongchou.command.timeliness import measure
from tongchou.ledger import policy, queries
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.records import audit
from tongchou.reviews.models import Review

pytestmark = pytest.mark.django_db


# Half a minute each: SQLite plays both, PostgreSQL the one with the more deadlines to miss.
@pytest.fixture(params=["war"] if ON_POSTGRES else ["peace", "war"])
def played(request: pytest.FixtureRequest, city: Any, shared: Path) -> Mers:
    """The whole outbreak, from the first report until everybody is followed up."""
    Area.objects.update(tempo=request.param)
    mers = Mers(city, line_list(shared), pairs(shared))
    mers.play()
    return mers


def test_mers_in_korea_ends_with_nobody_put_down(played: Mers, shared: Path) -> None:
    """One test, since the outbreak takes its time: each block below is one fact."""
    # Every row and every pair of the list is there.
    assert Case.objects.count() == len(line_list(shared)) == 162
    assert Exposure.objects.count() == sum(len(p) for p in pairs(shared).values()) == 98
    assert Contact.objects.count() == 95
    # Each was confirmed by a desk, and each of these acts opened its review.
    assert Review.objects.filter(passage__stage="opened").count() == 162

    # Every loop of the response has ended, and no gap of it is left open; the reviews go on.
    assert not Passage.objects.filter(closed_at=None).exclude(loop="review").exists()
    assert not Handoff.objects.filter(done_at=None).exclude(loop="review").exists()
    assert not queries.open_custody().exists()
    assert not Gap.objects.filter(closed_at=None).exclude(loop="review").exists()

    # Ten died, as in the list; every other case was followed up.
    ends = Passage.objects.filter(loop="case_report").values_list("stage", flat=True)
    assert sorted(set(ends)) == ["died", "followed_up"]
    assert sum(end == "died" for end in ends) == 10

    # Every contact was released, or ill, or by the rules not to be quarantined any more.
    fates = set(Passage.objects.filter(loop="contact").values_list("stage", flat=True))
    assert fates <= {"released", "ill", "dismissed"}
    assert "released" in fates and "ill" in fates

    # The legs of a person in custody follow each other without a second between them.
    for key in set(Passage.objects.exclude(person_key="").values_list("person_key", flat=True)):
        _no_overlap(key)

    # The table of timeliness says what the dates of the file say.
    _timeliness(played, shared)
    assert audit.verify().whole


def _no_overlap(person_key: str) -> None:
    from tongchou.ledger import registry

    legs = [
        leg
        for leg in Handoff.objects.filter(passage__person_key=person_key).order_by(
            "opened_at", "id"
        )
        if registry.get(leg.loop).holds(leg.stage)
    ]
    for before, after in itertools.pairwise(legs):
        assert before.done_at is not None and before.done_at <= after.opened_at


def _timeliness(played: Mers, shared: Path) -> None:
    rows = list(line_list(shared).values())
    first, last = min(r.reported for r in rows), max(r.reported for r in rows)
    now = played.now + timedelta(days=60)
    book = policy.in_force(now)
    table = {m.name: m for m in measure(path="", since=first, until=last, book=book, now=now)}

    # Detection (7-1-7): from onset to the day the case was known, for the 135 with an onset.
    days = [(min(r.diagnosed, r.reported) - r.onset).days for r in rows if r.onset]
    detect = table["detect"]
    assert detect.n == len(days) == 135
    assert detect.median_s == np.median(days) * 86400
    assert detect.n_in_time == sum(d <= 7 for d in days)

    # Contacts: six tenths of what the playbook allows from listing to the site's door.
    war = played.city.top.__class__.objects.filter(tempo="war").exists()
    tempo = "war" if war else "peace"
    stages = (
        ("contact", "listed"),
        ("contact", "notified"),
        ("quarantine_stay", "awaiting_transfer"),
    )
    allowed = sum((book.deadline(*s).allowed(tempo) for s in stages), timedelta())
    quarantined = table["close_contacts_quarantined"]
    assert quarantined.median_s == pytest.approx(0.6 * allowed.total_seconds(), abs=5)
    assert quarantined.met is war  # eight hours hold at war only

    # Core facts within four hours, in both tempos; reports of the day are of the day.
    assert table["core_facts"].share == 1.0
    reported = Handoff.objects.filter(loop="case_report", stage="reported")
    assert {leg.opened_at.astimezone(KOREA).hour for leg in reported} == {9}
