"""Leads on persons: settled, never more seen than needed, and forgotten on their day."""

from datetime import date, timedelta

import pytest

from tongchou.areas.models import Level
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.ledger.models import Handoff
from tongchou.people.details import Details
from tongchou.staff.queries import scope_of
from tongchou.surveillance import pasting
from tongchou.surveillance.actions import leads as actions
from tongchou.surveillance.models import Lead, Site
from tongchou.surveillance.queries import leads as queries

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 30)


def noted(city, kind="antigen", **facts):
    defaults = {
        "kind": kind, "area": city.community, "noted_on": DAY,
        "details": Details(name="孙", phone="13800001234", area=city.community),
    }  # fmt: skip
    return actions.Noted(**(defaults | facts))


def note(city, kind="antigen", **facts):
    return actions.note(noted=noted(city, kind, **facts), by=city.chen, now=city.at())


@pytest.fixture
def near(city, person):
    """There is a case in the eastern district."""
    facts = Facts(disease="covid19_omicron", reported_on=DAY, classification="confirmed")
    return cases.report(
        person=person(), area=city.areas["990102002001"], facts=facts, by=city.qian, now=city.at()
    )


def test_an_antigen_positive_waits_for_the_community(city):
    leg = note(city).passage.handoffs.get()

    assert (leg.stage, leg.owner, leg.unit.name) == ("noted", "community", "渡口社区居委会")


def test_the_same_person_and_day_is_noted_once(city):
    one, again = note(city), note(city)

    assert one == again
    assert Lead.objects.count() == 1


def test_a_positive_lead_is_reported_as_a_case(city):
    lead = note(city)
    actions.sampled(lead=lead, by=city.chen, now=city.at(hours=1))
    actions.positive(lead=lead, by=city.qian, now=city.at(hours=5))

    case = Case.objects.get()
    assert lead.case == case
    assert (case.person, case.found_by, case.sampled_on) == (
        lead.person,
        "community",
        DAY + timedelta(days=1),
    )
    assert case.passage.caused_by == lead.passage


def test_a_positive_lead_of_somebody_who_is_a_case_leads_to_that_case(city):
    lead = note(city)
    facts = Facts(disease="covid19_omicron", reported_on=DAY)
    known = cases.report(
        person=lead.person, area=city.community, facts=facts, by=city.qian, now=city.at(hours=1)
    )
    actions.sampled(lead=lead, by=city.chen, now=city.at(hours=2))
    actions.positive(lead=lead, by=city.qian, now=city.at(hours=5))

    assert (lead.case, Case.objects.count()) == (known, 1)


def test_a_lead_that_ends_without_a_sample_says_why(city):
    lead = note(city, "fever")
    with pytest.raises(actions.NotSaid):
        actions.give_up(lead=lead, to="explained", reason="", by=city.lin, now=city.at(hours=1))


# --- purchases -----------------------------------------------------------------------------------


def test_no_purchase_is_followed_up_while_there_are_no_cases(city):
    with pytest.raises(actions.NotFollowedUp):
        note(city, "purchase", medicine="fever")

    assert not Lead.objects.exists()


def test_a_purchase_is_followed_up_while_there_are_cases_in_the_district(city, near):
    assert note(city, "purchase", medicine="fever").passage.stage == "noted"


def test_a_case_in_another_district_is_no_ground(city, near):
    assert not actions.purchases_followed(city.west, now=city.at())


def test_cases_of_long_ago_are_no_ground(city, near):
    assert not actions.purchases_followed(city.community, now=city.at(days=14))


def test_a_discarded_case_is_no_ground(city, near):
    cases.discard(case=near, reason="negative twice", by=city.qian, now=city.at(hours=1))

    assert not actions.purchases_followed(city.community, now=city.at(hours=2))


def test_a_playbook_without_the_rule_follows_up_no_purchase(city, near, monkeypatch):
    from tongchou import playbook
    from tongchou.ledger import policy

    monkeypatch.setattr(policy, "in_force", lambda now: playbook.load("who-generic"))

    assert not actions.purchases_followed(city.community, now=city.at())


def test_a_purchase_leaves_no_trace_on_the_person(city, near):
    lead = note(city, "purchase", medicine="fever")

    assert lead.passage.person_key == ""
    assert lead.person.pk not in lead.passage.title


def test_nobody_is_looked_for_because_of_a_purchase():
    from tongchou.surveillance.loops import PURCHASE_LEAD

    assert "public_security" not in {row.owner for row in PURCHASE_LEAD}


# --- who sees, and for how long ------------------------------------------------------------------


def seen_by(city, user):
    return set(queries.visible_to(scope_of(user, now=city.at())).values_list("kind", flat=True))


def test_purchases_are_seen_by_the_community_and_the_cdc_alone(city, near):
    note(city, "purchase", medicine="fever")

    seeing = [name for name, user in city.users.items() if "purchase" in seen_by(city, user)]
    assert seeing == ["qian", "chen"]


def test_commanders_and_duty_officers_see_no_lead(city):
    note(city)
    note(city, "fever")

    assert not seen_by(city, city.mayor) | seen_by(city, city.duty_street)


def test_another_community_sees_nothing_of_it(city):
    note(city, area=city.areas["990102002001"])

    assert not seen_by(city, city.chen)


def test_a_purchase_is_forgotten_after_the_days_of_the_playbook(city, near):
    lead = note(city, "purchase", medicine="fever")
    assert lead.destroy_on == DAY + timedelta(days=14)

    assert actions.destroy_due(now=city.at(days=13)) == 1
    lead.refresh_from_db()
    assert (lead.person, lead.medicine) == (None, "")


def test_a_destroyed_lead_reports_no_case(city, near):
    from tongchou.ledger.errors import LedgerError

    lead = note(city, "purchase", medicine="fever")
    actions.sampled(lead=lead, by=city.chen, now=city.at(hours=1))
    actions.destroy_due(now=city.at(days=13))
    lead.refresh_from_db()

    with pytest.raises(LedgerError):
        actions.positive(lead=lead, by=city.qian, now=city.at(days=13))
    assert not Handoff.objects.filter(outcome="positive").exists()


# --- a list of a fever clinic --------------------------------------------------------------------

LIST = """就诊日期\t姓名\t电话\t现住区划\t发病日期\t症状
2022-06-30\t孙一\t13800001234\t990102001001\t2022-06-29\t发热
2022-06-31\t孙二\t13800001235\t990102001001\t\t咳嗽
2022-06-30\t\t\t990102001001\t\t
"""


def preview():
    return pasting.read(LIST.encode(), kind="fever", sites=Site.objects.all(), near="", today=DAY)


def test_every_row_of_a_pasted_list_is_noted_or_refused_with_its_line(city):
    read = preview()

    assert (len(read.lines), len(read.made), read.n_refused) == (3, 1, 2)
    assert [line.number for line in read.lines if line.refused] == [3, 4]


def test_a_list_that_is_pasted_again_notes_nobody_twice(city):
    first = actions.note_many(noted=preview().made, by=city.lin, now=city.at())
    again = actions.note_many(noted=preview().made, by=city.lin, now=city.at(hours=1))

    assert (len(first.new), len(again.new), len(again.known)) == (1, 0, 1)
    assert city.areas["990102"].level == Level.DISTRICT
