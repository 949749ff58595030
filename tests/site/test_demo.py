"""The demo city is one that the real rules could have made."""

import argparse
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from tongchou.areas.models import Area, Boundary
from tongchou.cases.models import Case, Contact
from tongchou.ledger.models import Handoff, Passage
from tongchou.planning.models import Forecast, Study
from tongchou.records import audit
from tongchou.site import demo
from tongchou.site.cli import Wrong
from tongchou.site.demo import outlines, plans, sentinels
from tongchou.surveillance.models import Signal, Silence


@pytest.fixture(scope="module")
def built(module_db: None) -> None:
    demo.build(120_000)


def test_it_has_cases_contacts_and_people_in_somebodys_hands(built: None) -> None:
    assert Case.objects.exists() and Contact.objects.exists()
    assert Passage.objects.filter(holds=True).exists()


def test_every_open_passage_has_one_open_leg(built: None) -> None:
    counted = Handoff.objects.filter(done_at=None).values("passage").annotate(n=Count("id"))
    assert {row["n"] for row in counted} == {1}
    assert counted.count() == Passage.objects.filter(closed_at=None).count()


def test_nothing_lies_in_the_future(built: None) -> None:
    assert not Handoff.objects.filter(opened_at__gt=timezone.now()).exists()


def test_residents_add_up(built: None) -> None:
    streets = Area.objects.filter(level=4).values_list("population", flat=True)
    assert sum(n or 0 for n in streets) == Area.objects.get(pk="990100").population


def test_its_audit_is_whole(built: None) -> None:
    assert audit.verify().whole


def test_its_sentinels_see_the_rise(built: None, settings: Any, tmp_path: Path) -> None:
    settings.TONGCHOU_DATA = tmp_path
    with transaction.atomic():
        sentinels.write(now=timezone.now())
        seen = set(Signal.objects.filter(area=sentinels.RISE).values_list("subject", flat=True))
        silent = set(Silence.objects.values_list("duty__site__area_id", flat=True))
        transaction.set_rollback(True)

    assert "evidence" in seen
    assert silent == {sentinels.SILENT}


def test_neighbours_share_their_border(built: None) -> None:
    rings = [b.geometry["coordinates"][0] for b in Boundary.objects.filter(area__level=3)]
    points = [{tuple(p) for p in ring} for ring in rings]
    assert len(points[0] & points[1]) > 10


def test_cells_fill_their_outline() -> None:
    square: outlines.Ring = [(0, 0), (4, 0), (4, 4), (0, 4)]
    parts = outlines.cells(square, [(1, 1), (3, 1), (2, 3)])
    assert sum(_size(part) for part in parts) == pytest.approx(16)


def _size(ring: outlines.Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def test_a_hamlet_is_too_small_for_the_demo() -> None:
    options = argparse.Namespace(port=0, people=10, fresh=False, build_only=True)
    with pytest.raises(Wrong, match="thousand residents"):
        demo.run(options)


def test_another_city_is_never_replaced(db: None) -> None:
    Area.objects.create(code="420000", name="湖北省", level=1, path="420000/")
    options = argparse.Namespace(port=8999, people=2000, fresh=False, build_only=True)
    with pytest.raises(Wrong, match="holds another city"):
        demo.run(options)


def test_it_asks_its_model_and_scores_its_forecasts(built: None) -> None:
    plans.write(now=timezone.now())

    assert set(Study.objects.values_list("kind", "state")) == {
        ("simulate", "queued"),
        ("plan", "queued"),
    }
    assert Forecast.objects.filter(area=plans.CITY).count() > 1
