"""Cases from a list: stored once, with a person each; open ones on the CDC's clock."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.intake.conftest import mers
from tongchou.cases.models import Case, ClassificationChange
from tongchou.intake import queries
from tongchou.intake.models import Import, Line
from tongchou.ledger.models import Passage
from tongchou.people.models import Identity, Person
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db

Bring = Callable[..., Import]

TEMPLATE = "编号,姓名,证件号码,联系电话,性别,年龄,所属区划,病例分类,发病日期,报告日期,转归\n"


def plain(*rows: str) -> str:
    return TEMPLATE + "".join(row + "\n" for row in rows)


def reasons(of: Import) -> list[str]:
    return [row.reasons for row in queries.refused(of)]


def test_a_row_becomes_a_person_and_a_case(city: Any, bring: Bring) -> None:
    bring(mers("SK_1,68,M,2015-05-11,2015-05-19,2015-04-18,2015-05-04,2015-05-20,Alive,,St. Mary"))
    case = Case.objects.get()
    assert (case.number, case.age, case.onset_on) == ("SK_1", 68, date(2015, 5, 11))
    assert (case.exposed_from, case.exposed_to) == (date(2015, 4, 18), date(2015, 5, 4))
    assert (case.disease, case.classification, case.outcome) == ("mers", "confirmed", "alive")
    assert (case.person.sex, case.person.birth_year) == ("male", 1947)


def test_the_case_says_which_import_it_came_by(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,,,,Alive,,"))
    assert Case.objects.get().origin == f"import:{of.pk}"
    assert Line.objects.get().number == 2


def test_a_finished_case_is_history_and_asks_nobody(bring: Bring) -> None:
    bring(mers("SK_1,68,M,,2015-05-19,,,,Dead,2015-06-04,"))
    assert Case.objects.get().passage is None
    assert Passage.objects.count() == 0


def test_a_case_under_way_starts_the_clock_of_the_cdc(city: Any, bring: Bring) -> None:
    bring(mers("SK_1,68,M,,2015-05-19,,,,,,"))
    case = Case.objects.get()
    leg = case.passage.handoffs.get()
    assert (case.passage.loop, leg.stage, leg.owner) == ("case_report", "reported", "cdc")
    assert leg.opened_at == city.at(days=1)
    assert case.passage.title == f"SK_1 · {case.person}"


def test_the_first_classification_is_in_the_history(city: Any, bring: Bring) -> None:
    bring(mers("SK_1,68,M,,2015-05-19,,,,Alive,,"))
    change = ClassificationChange.objects.get()
    assert (change.classification, change.by) == ("confirmed", city.steward)


def test_names_and_numbers_go_to_the_people_room_and_nowhere_else(bring: Bring) -> None:
    bring(
        plain("B-1,张三,11010519491231002X,13800001234,女,72,,确诊,2022-06-30,2022-07-01,"),
        "template",
    )
    identity = Identity.objects.get()
    assert (identity.name, identity.phone) == ("张三", "13800001234")
    assert identity.person.birth_year == 1949
    everywhere = str(list(Case.objects.values())) + str(list(AuditEvent.objects.values()))
    assert "张三" not in everywhere and "13800001234" not in everywhere


def test_a_known_document_leads_to_the_same_person(bring: Bring) -> None:
    row = "张三,11010519491231002X,,女,72,,确诊,,2022-06-01,治愈"
    bring(plain(f"B-1,{row}", f"B-2,{row}"), "template")
    assert Case.objects.count() == 2
    assert Person.objects.count() == 1


def test_one_person_has_one_open_case_of_a_disease(bring: Bring) -> None:
    row = "张三,11010519491231002X,,女,72,,确诊,,2022-07-01,"
    bring(plain(f"B-1,{row}"), "template")
    of = bring(plain(f"B-2,{row}"), "template")
    assert of.reconciled == "1 read = 0 stored + 1 refused"
    assert "open case of this disease already: B-1" in reasons(of)[0]


def test_one_document_twice_in_a_list_is_refused(bring: Bring) -> None:
    row = "张三,11010519491231002X,,女,72,,确诊,,2022-07-01,"
    of = bring(plain(f"B-1,{row}", f"B-2,{row}"), "template")
    assert of.reconciled == "2 read = 1 stored + 1 refused"
    assert "“1***” stands in line 2 already" in reasons(of)[0]


def test_the_area_of_a_row_is_found_by_name_or_code(city: Any, bring: Bring) -> None:
    bring(
        plain(
            "B-1,,,,,,河东区码头街道,确诊,,2022-07-01,",
            "B-2,,,,,,990103001,确诊,,2022-07-01,",
            "B-3,,,,,,,确诊,,2022-07-01,",
        ),
        "template",
    )
    found = dict(Case.objects.values_list("number", "area_id"))
    assert found == {"B-1": "990102001", "B-2": "990103001", "B-3": "990100"}


def test_an_unknown_area_is_refused_with_the_nearest(bring: Bring) -> None:
    of = bring(plain("B-1,,,,,,码头街,确诊,,2022-07-01,"), "template")
    assert "Did you mean “码头街道”? Its code is 990102001." in reasons(of)[0]


def test_an_area_of_two_names_asks_for_the_code(city: Any, bring: Bring) -> None:
    type(city.west).objects.create(
        code="990103002",
        parent=city.west,
        name="码头街道",
        level=4,
        path="990100/990103/990103002/",
    )
    of = bring(plain("B-1,,,,,,码头街道,确诊,,2022-07-01,"), "template")
    assert "Write the code: 990102001, 990103002." in reasons(of)[0]


def test_an_area_like_no_other_is_only_unknown(bring: Bring) -> None:
    of = bring(plain("B-1,,,,,,Xyz,确诊,,2022-07-01,"), "template")
    assert "or its name as it stands under Areas" in reasons(of)[0]


def test_numbers_can_be_told_apart_by_a_prefix(bring: Bring) -> None:
    row = "1,68,M,,2015-05-19,,,,Alive,,"
    bring(mers(row))
    of = bring(mers(row), prefix="KR-")
    assert of.n_new == 1
    assert set(Case.objects.values_list("number", flat=True)) == {"1", "KR-1"}


def test_a_number_that_two_lines_claim_goes_to_the_first(bring: Bring) -> None:
    head = "uuid,case_id,classification,date_of_reporting,outcome_id\n"
    rows = "u-1,CASE-1,CONFIRMED,2020-07-01,ALIVE\nu-2,CASE-1,CONFIRMED,2020-07-02,ALIVE\n"
    of = bring(head + rows, "godata")
    assert of.reconciled == "2 read = 2 stored + 0 refused"
    assert set(Case.objects.values_list("number", flat=True)) == {"CASE-1", "u-2"}
    assert [r.code for r in of.remarks.all()] == ["number_taken"]


def test_one_audit_event_tells_of_a_chunk(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,,,,Alive,,", "SK_2,70,M,,2015-05-19,,,,Alive,,"))
    told = AuditEvent.objects.get(verb="intake.store_case")
    assert told.subject == f"import:{of.pk}"
    assert json.loads(told.detail)["lines"] == [[2, 3]]
