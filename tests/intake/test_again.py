"""The same list again changes nothing; another list with the same numbers is an offer."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.intake.conftest import mers
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Correction
from tongchou.intake import actions, queries
from tongchou.intake.errors import IntakeError
from tongchou.intake.models import Import, Line
from tongchou.people.models import Identity

pytestmark = pytest.mark.django_db

Bring = Callable[..., Import]
ROW = "SK_1,68,M,2015-05-11,2015-05-19,,,,Alive,,St. Mary"


def test_the_same_list_again_changes_nothing(bring: Bring) -> None:
    bring(mers(ROW))
    before = list(Case.objects.values())
    of = bring(mers(ROW))
    assert (of.n_new, of.n_unchanged) == (0, 1)
    assert of.reconciled == "1 read = 1 stored + 0 refused"
    assert list(Case.objects.values()) == before


def test_tomorrows_list_adds_only_its_new_rows(bring: Bring) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW, "SK_2,70,F,,2015-05-20,,,,Alive,,"))
    assert (of.n_new, of.n_unchanged) == (1, 1)


def test_what_a_desk_changed_since_does_not_make_the_list_a_stranger(
    city: Any, bring: Bring
) -> None:
    bring(mers(ROW))
    case = Case.objects.get()
    facts = {"onset_on": date(2015, 5, 12)}
    cases.update_facts(case=case, changes=facts, by=city.qian, now=city.at(days=2))
    assert bring(mers(ROW)).n_unchanged == 1
    assert Case.objects.get().onset_on == date(2015, 5, 12)


def test_a_line_that_says_otherwise_is_offered_and_not_stored(bring: Bring) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace("2015-05-11", "2015-05-10")))
    assert of.reconciled == "1 read = 0 stored + 1 refused"
    assert Case.objects.get().onset_on == date(2015, 5, 11)
    [row] = queries.refused(of)
    assert row.refusal.offers
    assert "onset: 2015-05-11 → 2015-05-10" in row.reasons


def test_an_accepted_offer_is_stored_and_counted(city: Any, bring: Bring) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace("2015-05-11", "2015-05-10")))
    actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
    of.refresh_from_db()
    assert Case.objects.get().onset_on == date(2015, 5, 10)
    assert Correction.objects.get().before == "2015-05-11"
    assert of.reconciled == "1 read = 1 stored + 0 refused"


def test_an_accepted_line_is_known_the_next_time(city: Any, bring: Bring) -> None:
    bring(mers(ROW))
    other = mers(ROW.replace("2015-05-11", "2015-05-10"))
    of = bring(other)
    actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
    assert bring(other).n_unchanged == 1


def test_an_offer_is_accepted_once(city: Any, bring: Bring) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace("2015-05-11", "2015-05-10")))
    refusal = of.refusals.get()
    actions.accept(refusal=refusal, by=city.qian, now=city.at(days=2))
    with pytest.raises(IntakeError, match="accepted this change"):
        actions.accept(refusal=refusal, by=city.qian, now=city.at(days=2))


def test_an_outcome_is_left_to_the_desk_that_answers_for_it(city: Any, bring: Bring) -> None:
    bring(mers(ROW.replace("Alive", "")))
    of = bring(mers(ROW.replace("Alive,", "Dead,2015-06-01")))
    with pytest.raises(IntakeError, match="page of the case"):
        actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
    assert Case.objects.get().outcome == ""


def test_a_reclassified_case_keeps_its_history(city: Any, bring: Bring) -> None:
    head = "编号,病例分类,报告日期\n"
    bring(head + "B-1,疑似,2022-07-01\n", "template")
    of = bring(head + "B-1,确诊,2022-07-01\n", "template")
    actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
    case = Case.objects.get()
    assert [c.classification for c in case.classifications.all()] == ["suspected", "confirmed"]


def test_another_phone_is_an_offer_and_masked(city: Any, bring: Bring) -> None:
    head = "编号,姓名,联系电话,病例分类,报告日期,转归\n"
    bring(head + "B-1,张三,13800001234,确诊,2022-07-01,治愈\n", "template")
    of = bring(head + "B-1,张三,13900001234,确诊,2022-07-01,治愈\n", "template")
    [row] = queries.refused(of)
    assert "phone: 1*** → 1***" in row.reasons
    assert Identity.objects.get().phone == "13800001234"


def test_a_case_that_came_another_way_is_recognised(city: Any, bring: Bring, person: Any) -> None:
    facts = Facts(disease="mers", reported_on=date(2015, 5, 19), classification="confirmed")
    cases.report(
        person=person(), area=city.city, facts=facts, by=city.qian, now=city.at(), number="SK_1"
    )
    of = bring(mers("SK_1,,,,2015-05-19,,,,,,"))
    assert (of.n_new, of.n_unchanged) == (0, 1)
    assert Line.objects.get().case == Case.objects.get()


def test_a_number_taken_by_another_case_is_not_overwritten(
    city: Any, bring: Bring, person: Any
) -> None:
    facts = Facts(disease="mers", reported_on=date(2015, 5, 1), classification="suspected")
    cases.report(
        person=person(), area=city.city, facts=facts, by=city.qian, now=city.at(), number="SK_1"
    )
    of = bring(mers(ROW))
    [row] = queries.refused(of)
    assert "came another way" in row.reasons
    assert Case.objects.get().classification == "suspected"


def test_a_row_in_other_words_is_the_same_and_remembered(bring: Bring) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace(",M,", ",,")))  # says less, and nothing else
    assert (of.n_unchanged, of.n_refused) == (1, 0)
    before = Line.objects.get().digest
    assert bring(mers(ROW.replace(",M,", ",,"))).n_unchanged == 1
    assert Line.objects.get().digest == before
    assert Case.objects.get().person.sex == "male"


def test_another_sex_is_an_offer_that_can_be_accepted(city: Any, bring: Bring) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace(",M,", ",F,")))
    actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
    assert Case.objects.get().person.sex == "female"


def test_what_offers_nothing_cannot_be_accepted(city: Any, bring: Bring) -> None:
    of = bring(mers(ROW.replace("68", "x")))
    with pytest.raises(IntakeError, match="offers no change"):
        actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
