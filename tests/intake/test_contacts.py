"""Contacts and pairs from a list: whom they met, and who still has to be followed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.intake.conftest import mers
from tongchou.cases.models import Case, Contact, Exposure, Transmission
from tongchou.intake import queries
from tongchou.intake.models import FollowUp, Import
from tongchou.ledger.models import Passage

pytestmark = pytest.mark.django_db

Bring = Callable[..., Import]

CASE = "编号,姓名,病例分类,报告日期,转归\n"
CONTACT = (
    "密接编号,病例编号,关联密接,姓名,身份证号,类别,接触方式,首次接触,末次接触,随访状态,解除日期\n"
)
PAIRS = "from,to,exposure,diff_dt_onset\n"


@pytest.fixture
def index(bring: Bring) -> Case:
    """An open case of the template, number B-1."""
    bring(CASE + "B-1,张三,确诊,2022-06-30,\n", "template")
    return Case.objects.get()


@pytest.fixture
def three(bring: Bring) -> None:
    """Three finished cases of a MERS list."""
    bring(
        mers(
            "SK_1,68,M,2015-05-11,2015-05-19,,,,Alive,,",
            "SK_2,63,F,2015-05-18,2015-05-20,2015-05-15,2015-05-17,,Alive,,",
            "SK_3,76,M,2015-05-20,2015-05-21,2015-05-16,2015-05-16,,Alive,,",
        )
    )


def reasons(of: Import) -> list[str]:
    return [row.reasons for row in queries.refused(of)]


def contacts(bring: Bring, *rows: str, **more: Any) -> Import:
    return bring(CONTACT + "".join(row + "\n" for row in rows), "template", **more)


def test_a_contact_is_listed_and_the_tracers_clock_starts(
    city: Any, index: Case, bring: Bring
) -> None:
    contacts(bring, "M-1,B-1,,李四,,密接,同住,2022-06-25,2022-06-29,,")
    contact = Contact.objects.get()
    leg = contact.passage.handoffs.get()
    assert (contact.tier, leg.stage, leg.owner) == ("close", "listed", "tracer")
    assert contact.passage.caused_by == index.passage
    met = contact.exposures.get()
    assert (met.case, met.way, met.last_on) == (index, "living", date(2022, 6, 29))


@pytest.mark.parametrize("status", ["已解除", "死亡", "转为确诊"])
def test_a_finished_contact_is_kept_for_the_record(index: Case, bring: Bring, status: str) -> None:
    contacts(bring, f"M-1,B-1,,李四,,密接,同住,2022-06-25,2022-06-29,{status},")
    assert Contact.objects.get().passage is None


def test_a_lost_contact_is_still_to_be_found(index: Case, bring: Bring) -> None:
    contacts(bring, "M-1,B-1,,李四,,密接,同住,2022-06-25,2022-06-29,失访,")
    assert Contact.objects.get().passage is not None


def test_a_follow_up_whose_end_has_passed_starts_nothing(index: Case, bring: Bring) -> None:
    of = contacts(bring, "M-1,B-1,,李四,,密接,同住,2022-06-10,2022-06-12,随访中,2022-06-26")
    assert Contact.objects.get().passage is None
    assert [r.code for r in of.remarks.all()] == ["over"]


def test_an_end_that_lies_ahead_is_no_fault(index: Case, bring: Bring) -> None:
    of = contacts(bring, "M-1,B-1,,李四,,密接,同住,2022-06-25,2022-06-29,随访中,2022-07-09")
    assert of.n_refused == 0 and Contact.objects.get().passage is not None


def test_a_contact_of_an_unknown_case_is_refused(index: Case, bring: Bring) -> None:
    of = contacts(bring, "M-1,B-9,,李四,,密接,同住,,,,")
    assert "There is no case “B-9”." in reasons(of)[0]
    assert Contact.objects.count() == 0


def test_a_secondary_contact_names_the_close_contact_between(index: Case, bring: Bring) -> None:
    contacts(bring, "M-1,B-1,,李四,,密接,同住,,,,")
    contacts(bring, "M-2,,M-1,王五,,次密接,同餐,,,,")
    second = Contact.objects.get(number="M-2")
    assert second.exposures.get().through.number == "M-1"


def test_a_contact_without_a_source_is_kept_with_a_remark(index: Case, bring: Bring) -> None:
    of = contacts(bring, "M-1,,,李四,,密接,同住,,,,")
    assert [r.code for r in of.remarks.all()] == ["no_source"]
    assert Exposure.objects.count() == 0


def test_contacts_that_name_no_case_can_be_given_one(index: Case, bring: Bring) -> None:
    head = "person.firstName,reportDateTime\n"
    bring(head + "Kevin,03/11/2020\n", "sormas-contact", default_case="B-1")
    assert Exposure.objects.get().case == index


def test_a_reference_ignores_case_and_spaces_where_the_source_does(bring: Bring) -> None:
    bring(
        "epidNumber,disease,person.firstName,reportDate\nABC-1,EVD,One,11/20/2018\n", "sormas-case"
    )
    text = "caseIdExternalSystem,person.firstName,reportDateTime\n abc-1 ,Two,11/21/2018\n"
    assert bring(text, "sormas-contact").n_new == 1


def test_the_same_contacts_again_change_nothing(index: Case, bring: Bring) -> None:
    row = "M-1,B-1,,李四,,密接,同住,2022-06-25,2022-06-29,,"
    contacts(bring, row)
    again = contacts(bring, row)
    assert (again.n_new, again.n_unchanged) == (0, 1)
    assert (Contact.objects.count(), Exposure.objects.count()) == (1, 1)


def test_a_pair_of_cases_makes_the_second_a_contact_of_the_first(three: None, bring: Bring) -> None:
    of = bring(PAIRS + "SK_1,SK_2,Hospital room,7\n")
    assert of.reconciled == "1 read = 1 stored + 0 refused"
    contact = Contact.objects.get()
    assert (contact.became_case.number, contact.person) == ("SK_2", contact.became_case.person)
    assert contact.passage is None
    assert contact.listed_on == date(2015, 5, 19)


def test_the_pair_takes_its_days_from_the_list_of_cases(three: None, bring: Bring) -> None:
    bring(PAIRS + "SK_1,SK_2,Hospital room,7\n")
    met = Exposure.objects.get()
    assert (met.case.number, met.way, met.place_kind) == ("SK_1", "ward", "hospital")
    assert (met.first_on, met.last_on) == (date(2015, 5, 15), date(2015, 5, 17))


def test_one_case_with_two_sources_is_one_contact_with_two_meetings(
    three: None, bring: Bring
) -> None:
    of = bring(PAIRS + "SK_1,SK_3,Hospital room,9\nSK_2,SK_3,Family member ,2\n")
    assert of.n_new == 2
    assert (Contact.objects.count(), Exposure.objects.count()) == (1, 2)


def test_a_transmission_is_a_probability_and_never_certain(three: None, bring: Bring) -> None:
    bring(PAIRS + "SK_1,SK_2,Hospital room,7\nSK_1,SK_3,Hospital room,9\n")
    bring(PAIRS + "SK_2,SK_3,Hospital room,2\n")
    found = {
        (t.infector.number, t.infectee.number): round(t.probability, 3)
        for t in Transmission.objects.select_related("infector", "infectee")
    }
    assert found == {("SK_1", "SK_2"): 0.5, ("SK_1", "SK_3"): 0.333, ("SK_2", "SK_3"): 0.333}


def test_nobody_is_a_contact_of_themselves(three: None, bring: Bring) -> None:
    of = bring(PAIRS + "SK_1,SK_1,Hospital room,0\n")
    assert "nobody is a contact of themselves" in reasons(of)[0]


def test_a_pair_with_an_unknown_end_names_the_nearest(three: None, bring: Bring) -> None:
    of = bring(PAIRS + "SK_11,SK_2,Hospital room,7\n")
    assert "There is no case “SK_11”. Did you mean “SK_1”?" in reasons(of)[0]


def test_a_contact_of_godata_that_became_a_case_is_that_person(bring: Bring) -> None:
    bring(
        "uuid,case_id,classification,date_of_reporting,outcome_id\nu-1,C-1,CONFIRMED,2020-07-01,\n",
        "godata",
    )
    bring(
        "uuid,contact_id,contact_status,firstName,date_of_reporting\nu-1,K-1,BECAME_CASE,Abou,2020-06-01\n",
        "godata",
    )
    contact = Contact.objects.get()
    assert contact.became_case.number == "C-1"
    assert contact.person == contact.became_case.person


def test_follow_ups_are_kept_with_their_contact(bring: Bring) -> None:
    bring(
        "uuid,contact_id,contact_status,firstName,date_of_reporting\nu-1,K-1,UNDER_FOLLOW_UP,Abou,2020-06-01\n",
        "godata",
    )
    head = "uuid,contact_uuid,date_of_followup,followup_status\n"
    of = bring(head + "f-1,u-1,2020-06-02,SEEN_OK\nf-2,u-2,2020-06-02,SEEN_OK\n", "godata")
    assert of.reconciled == "2 read = 1 stored + 1 refused"
    assert [(f.contact.number, f.seen) for f in FollowUp.objects.all()] == [("K-1", "well")]
    assert bring(head + "f-1,u-1,2020-06-02,SEEN_OK\n", "godata").n_unchanged == 1


def test_a_changed_follow_up_is_told_and_not_overwritten(bring: Bring) -> None:
    bring(
        "uuid,contact_id,contact_status,firstName,date_of_reporting\nu-1,K-1,UNDER_FOLLOW_UP,Abou,2020-06-01\n",
        "godata",
    )
    head = "uuid,contact_uuid,date_of_followup,followup_status\n"
    bring(head + "f-1,u-1,2020-06-02,SEEN_OK\n", "godata")
    of = bring(head + "f-1,u-1,2020-06-02,MISSED\n", "godata")
    assert "found: well → missed" in reasons(of)[0]
    assert not of.refusals.get().offers


def test_nobody_is_listed_twice_by_two_lists(city: Any, index: Case, bring: Bring) -> None:
    row = "B-1,,李四,11010519491231002X,密接,同住,,,,"
    contacts(bring, f"M-1,{row}")
    contacts(bring, f"M-2,{row}")
    assert Passage.objects.filter(loop="contact").count() == 1


def test_a_contact_with_other_facts_is_refused_and_not_overwritten(
    index: Case, bring: Bring
) -> None:
    contacts(bring, "M-1,B-1,,李四,,密接,同住,,,,")
    of = contacts(bring, "M-1,B-1,,李四,,次密接,同住,,,,")
    assert "tier: close → secondary" in reasons(of)[0]
    assert Contact.objects.get().tier == "close"


def test_a_contact_listed_by_hand_is_recognised_by_its_number(
    city: Any, index: Case, bring: Bring, person: Any
) -> None:
    more = {"area": city.city, "area_path": city.city.path, "written_at": city.at()}
    by_hand = Contact.objects.create(
        number="M-1", person=person(), tier="close", listed_on=date(2022, 6, 30), **more
    )
    assert contacts(bring, "M-1,B-1,,李四,,密接,同住,,,,").n_unchanged == 1
    other = contacts(bring, "M-1,B-1,,李四,,一般接触,同住,,,,")
    assert other.n_refused == 1 and Contact.objects.get() == by_hand


def test_a_doubled_contact_number_is_kept_under_its_own_key(bring: Bring) -> None:
    head = "uuid,contact_id,contact_status,firstName,date_of_reporting\n"
    bring(head + "u-1,K-1,DIED,Abou,2020-06-01\n", "godata")
    of = bring(head + "u-2,K-1,DIED,Adama,2020-06-01\n", "godata")
    assert [r.code for r in of.remarks.all()] == ["number_taken", "no_source"]
    assert set(Contact.objects.values_list("number", flat=True)) == {"K-1", "u-2"}


def test_a_changed_pair_is_told(three: None, bring: Bring) -> None:
    bring(PAIRS + "SK_1,SK_2,Hospital room,7\n")
    of = bring(PAIRS + "SK_1,SK_2,Emergency room,7\n")
    assert "way of contact: ward → room" in reasons(of)[0]


def test_minutes_and_protection_are_read_and_checked(index: Case, bring: Bring, own: None) -> None:
    head = "no,case,minutes,mask\n"
    of = bring(head + "K-1,B-1,15,yes\nK-2,B-1,1.5,no\nK-3,B-1,5,perhaps\n", "ours")
    met = Exposure.objects.get()
    assert (met.minutes, met.protected) == (15, True)
    assert "“1.5” is not a number" in reasons(of)[0]
    assert "neither yes nor no" in reasons(of)[1]


@pytest.fixture
def own(settings: Any, tmp_path: Any) -> None:
    settings.TONGCHOU_DATA = tmp_path
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ours.toml").write_text(OURS, encoding="utf-8")


OURS = """
title = { en = "Ours", zh = "本地" }
area = { code = "X", name = "X" }
[contact]
key = "no"
columns = { number = "no", case = "case", minutes = "minutes", protected = "mask" }
defaults = { tier = "close" }
"""
