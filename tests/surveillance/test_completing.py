"""The newest days by onset in the brief: completed with an interval, or why not."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from tests.surveillance.official import NOW, cumulative, day, sheet, take
from tongchou.areas.models import Area
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.surveillance import brief, brief_text
from tongchou.surveillance.completing import Tail, tail

LAST = date(2022, 6, 30)


@pytest.fixture
def ill(city, person):
    """Cases whose report came these days after onset, for so many days; each day the same."""

    def make(last, n_days, delays=(1, 2, 4), area=None):
        for n in range(n_days):
            onset = last - timedelta(days=n)
            for late in delays:
                reported = onset + timedelta(days=late)
                if reported <= last:
                    facts = Facts(disease="covid19_omicron", onset_on=onset, reported_on=reported)
                    place = area or city.community
                    cases.report(
                        person=person(area=place), area=place, facts=facts, by=city.qian,
                        now=city.at(),
                    )  # fmt: skip

    return make


@pytest.mark.django_db
def test_the_last_week_is_completed_with_an_interval(city, ill):
    ill(LAST, 32)
    found = tail(city.city, LAST)

    assert found.reason == ""
    assert (found.first, found.last) == (LAST - timedelta(days=6), LAST - timedelta(days=1))
    assert found.known == 3 * 3 + 2 + 2 + 1
    assert found.known <= found.low < found.mid == 18 < found.high < 30


@pytest.mark.django_db
def test_too_few_cases_are_counted_and_not_completed(city, ill):
    ill(LAST, 3)
    found = tail(city.city, LAST)

    assert (found.known, found.mid, found.reason) == (3, None, "thin")


@pytest.mark.django_db
def test_where_nobody_fell_ill_there_is_nothing_to_complete(city):
    assert tail(city.city, LAST) is None


@pytest.mark.django_db
def test_the_brief_says_it_and_is_read_again_as_it_was(city, ill, tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path
    take(sheet(cumulative()))
    area = Area.objects.get(pk="420100")
    ill(day(35), 3, area=area)
    found = brief.of(area, on=day(36), now=NOW)

    assert "By onset: fallen ill 2020-01-30 to 2020-02-05: 3 known so far; not completed" in (
        brief_text.text(found, "en")
    )
    assert "按发病日期：2020-01-30至2020-02-05发病：目前已知3例；未作补报估计" in (
        brief_text.text(found, "zh")
    )
    assert brief.from_facts(found.facts(), made_at=found.made_at) == found


@pytest.mark.django_db
def test_a_brief_without_cases_is_as_it_always_was(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path
    take(sheet(cumulative()))
    found = brief.of(Area.objects.get(pk="420100"), on=day(36), now=NOW)

    assert "By onset" not in brief_text.text(found, "en")
    assert "tail" not in found.facts()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "31 known so far, about 45 in the end (95 % interval 38 to 56)"),
        ("zh-hans", "目前已知31例，最终约45例（95%区间38至56）"),
    ],
)
def test_an_estimate_stands_beside_what_is_known(language, words):
    found = Tail(LAST - timedelta(days=6), LAST, 31, 38, 45, 56, "")
    with translation.override(language):
        assert words in brief_text.tail_in_words(found)


def test_a_week_that_is_all_known_is_no_estimate():
    found = Tail(LAST - timedelta(days=6), LAST, 31, 31, 31, 31, "")
    assert brief_text.tail_in_words(found).endswith("31 known so far")
