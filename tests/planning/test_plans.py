"""A plan study: its front on the page, two side by side, and a plan that two people sign."""

import pytest
from django.urls import reverse

from tests.planning.texts import SEARCHED, asked, made
from tongchou.ledger import adoption as adoptions
from tongchou.ledger import policy
from tongchou.ledger.errors import TakesTwo
from tongchou.planning.actions import proposals
from tongchou.planning.errors import NotYours, TooLate
from tongchou.planning.models import Proposal, State
from tongchou.planning.playbook_paths import settled


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def planned(city):
    """A study that tried two plans."""
    study = made(asked(city, SEARCHED, kind="plan", seeds=2, budget=2), city)
    assert study.state == State.DONE, study.fault
    return study


def a_plan(study) -> int:
    """A plan that changes the playbook."""
    return next(each["number"] for each in study.result["plans"] if each["number"])


@pytest.fixture
def with_a_plan(planned):
    """The same, whatever the dice said: the other plan is on the page too."""
    if not any(each["number"] for each in planned.result["plans"]):
        other = dict(planned.result["plans"][0])
        other |= {"number": 1, "playbook": other["playbook"].replace("plan-0", "plan-1")}
        planned.result["plans"].append(other)
        planned.save()
    return planned


def test_the_front_stands_on_the_page_with_the_playbook_as_it_is(client, city, sign_in, planned):
    sign_in(client, city.mayor)
    page = client.get(reverse("planning:study", args=[planned.pk])).content.decode()

    assert "plan-base" in page
    assert 'id="plan-0"' in page


def test_a_plan_has_a_page_with_its_price(client, city, sign_in, with_a_plan):
    number = a_plan(with_a_plan)
    sign_in(client, city.mayor)
    response = client.get(reverse("planning:plan", args=[with_a_plan.pk, number]))

    assert response.status_code == 200
    assert "city government" in response.content.decode()


def test_a_plan_says_in_words_what_it_needs_outside_the_playbook(
    client, city, sign_in, with_a_plan
):
    number = a_plan(with_a_plan)
    for each in with_a_plan.result["plans"]:
        days = 2 if each["number"] == number else 1
        each["beyond"] = ["capacities.rooms = 180", f"policy.war.tracing.delay_days = {days}"]
    with_a_plan.save()
    sign_in(client, city.mayor)
    response = client.get(reverse("planning:plan", args=[with_a_plan.pk, number]))

    assert response.context["needs"] == ["tracing: result to order, at war: 1 day → 2 days"]
    assert response.context["needs"][0] in response.content.decode()
    assert "{{" not in response.content.decode()


def test_two_plans_stand_side_by_side(client, city, sign_in, with_a_plan):
    pk, number = with_a_plan.pk, a_plan(with_a_plan)
    sign_in(client, city.mayor)
    response = client.get(reverse("planning:compare"), {"case": [f"{pk}-0", f"{pk}-{number}"]})

    assert response.context["compared"].payers


def test_a_constraint_that_is_broken_is_not_said_to_leave_less_than_nothing(
    client, city, sign_in, with_a_plan
):
    for each in with_a_plan.result["plans"]:
        each |= {"holds": False, "binding": {"zh": "x", "en": "x"}, "room": -1.4}
    with_a_plan.save()
    sign_in(client, city.mayor)
    page = client.get(reverse("planning:study", args=[with_a_plan.pk])).content.decode()

    assert "140 % beyond it" in page.replace("140%", "140 %")
    assert "% left" not in page


def test_a_plan_is_offered_beside_another_and_not_beside_itself(client, city, sign_in, with_a_plan):
    sign_in(client, city.mayor)
    asked_for = f"{with_a_plan.pk}-{a_plan(with_a_plan)}"
    for given in ({}, {"case": [f"{with_a_plan.pk}-0"]}, {"case": [asked_for]}):
        first, second = client.get(reverse("planning:compare"), given).context["names"]
        assert first != second


def test_a_plan_is_adopted_by_a_second_person_only(city, with_a_plan):
    made_ = proposals.propose(
        study=with_a_plan, plan=a_plan(with_a_plan), reason="try it", by=city.mayor, now=city.at()
    )
    with pytest.raises(TakesTwo):
        adoptions.adopt(adoption=made_.adoption, by=city.mayor, now=city.at(hours=1))
    adoptions.adopt(adoption=made_.adoption, by=city.gao, now=city.at(hours=1))

    assert policy.in_force(city.at(hours=2)).id == made_.adoption.playbook


def test_the_same_plan_is_not_put_forward_twice(city, with_a_plan):
    given = {"study": with_a_plan, "plan": a_plan(with_a_plan), "reason": "x", "now": city.at()}
    proposals.propose(**given, by=city.mayor)

    with pytest.raises(TooLate):
        proposals.propose(**given, by=city.gao)


def test_who_may_only_look_puts_nothing_forward(city, with_a_plan):
    with pytest.raises(NotYours):
        proposals.propose(
            study=with_a_plan, plan=a_plan(with_a_plan), reason="x", by=city.duty_city,
            now=city.at(),
        )  # fmt: skip


def test_the_page_leads_on_to_where_the_second_person_signs(client, city, sign_in, with_a_plan):
    number = a_plan(with_a_plan)
    sign_in(client, city.qian)
    address = reverse("planning:propose", args=[with_a_plan.pk, number])
    response = client.post(address, {"reason": "cheaper, and it holds"})

    assert response.url == reverse("command:proposal", args=[Proposal.objects.get().adoption_id])


def test_a_plan_leaves_as_a_playbook_file(client, city, sign_in, with_a_plan):
    sign_in(client, city.mayor)
    address = reverse("planning:plan_text", args=[with_a_plan.pk, a_plan(with_a_plan)])

    assert b'extends = "cn-2022-06"' in client.get(address).content


def test_a_plan_whose_runs_were_cut_short_says_that_its_numbers_are_the_least():
    from tongchou.planning.fronts import Axis, _spot

    axis = Axis(0, "cost.total", "cost")
    cut = {"number": 3, "holds": False, "at_least": True, "means": [5.0]}
    before = {"number": 3, "holds": False, "means": [5.0]}  # a study of an earlier version

    assert "cut short" in _spot(cut, None, axis, axis, "en", ()).words
    assert "cut short" not in _spot(before, None, axis, axis, "en", ()).words


@pytest.fixture
def outlived(city, with_a_plan):
    """The same study, and what a district had adopted after it was asked for."""
    local = {"zh": "河东区", "en": "East"}
    hours = {("task", "submitted"): {"peace": "9h", "war": "3h"}}
    own = settled(policy.in_force(city.at()), city.east.path, local, hours, by="制度")
    text = own.text.replace(f'id = "{own.id}"', 'id = "east"', 1)
    east = adoptions.propose(text=text, reason="x", by=city.qian, now=city.at(hours=1))
    adoptions.adopt(adoption=east, by=city.mayor, now=city.at(hours=1))
    return with_a_plan


def test_a_plan_takes_nothing_back_that_came_into_force_after_it_was_asked_for(city, outlived):
    made_ = proposals.propose(
        study=outlived, plan=a_plan(outlived), reason="x", by=city.mayor, now=city.at(hours=2)
    )
    assert not [each["path"] for each in made_.changes if each["path"].startswith("area.")]
    adoptions.adopt(adoption=made_.adoption, by=city.gao, now=city.at(hours=3))

    assert city.east.code in policy.in_force(city.at(hours=4)).areas


def test_the_page_of_a_plan_shows_its_own_changes_alone(
    client, city, sign_in, outlived, time_machine
):
    time_machine.move_to(city.at(hours=2))
    sign_in(client, city.mayor)
    address = reverse("planning:plan", args=[outlived.pk, a_plan(outlived)])

    names = [change["name"] for change in client.get(address).context["changes"]]
    assert not [name for name in names if "河东区" in name or "East" in name]


def test_the_page_says_of_plans_whose_runs_were_cut_short_that_it_is_at_least_so_much(
    client, city, sign_in, planned
):
    sign_in(client, city.mayor)
    url = reverse("planning:study", args=[planned.pk])
    assert "cut short" not in client.get(url).content.decode()
    planned.result["tried"][1] |= {"holds": False, "at_least": True}
    planned.save()
    page = client.get(url).content.decode()

    assert "its point shows at least so much" in page
    assert ": cost in yuan, whoever pays at least " in page
