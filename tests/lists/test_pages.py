"""The pages of the two lists: each opens, acts, refuses with a reason, and stays fast."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.lists.making import bureau, on_post, set_one, unit_of
from tongchou.areas.models import Area
from tongchou.ledger import adoption, policy
from tongchou.ledger.models import Adoption
from tongchou.lists.actions import common, problems, tasks
from tongchou.lists.actions.delegating import Part, delegate
from tongchou.lists.models import Problem, Task
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_morning(time_machine: Any, city: Any) -> None:
    """The pages read the clock; it stands at the third hour of the little city."""
    time_machine.move_to(city.at(hours=3))


@pytest.fixture
def pages(client: Client, city: Any, sign_in: Any) -> Any:
    def open_as(user: Any) -> Client:
        sign_in(client, user)
        return client

    return open_as


def problem(city: Any, **more: Any) -> Problem:
    facts: dict[str, Any] = {
        "title": "转运车辆不足", "what": "夜间密接等待转运超过两小时", "area": city.east,
        "found_by": "self", "by": city.duty_east, "now": city.at(),
    }  # fmt: skip
    return problems.raise_problem(**(facts | more))


@pytest.mark.parametrize(
    "name",
    ["mine", "tasks", "set", "paste", "tree", "problems", "raise", "common", "rules", "paper"],
)
def test_every_page_opens_empty(city: Any, pages: Any, name: str) -> None:
    assert pages(city.duty_city).get(reverse(f"lists:{name}")).status_code == 200


def test_a_sentinel_has_nothing_to_do_with_the_lists(city: Any, pages: Any) -> None:
    assert pages(city.bai).get(reverse("lists:tasks")).status_code == 403


def test_a_task_is_claimed_from_the_list_of_ones_own(city: Any, pages: Any) -> None:
    task = set_one(city)
    client = pages(city.zhou)
    assert task.goal in client.get(reverse("lists:mine")).content.decode()
    client.post(reverse("lists:task_act", args=[task.pk, "claim"]), {"claim-leg": 1})
    assert Task.objects.get().stage == "in_progress"


def test_an_old_page_does_not_claim_twice(city: Any, pages: Any) -> None:
    task = set_one(city)
    client, to = pages(city.zhou), reverse("lists:task_act", args=[task.pk, "claim"])
    client.post(to, {"claim-leg": 1})
    page = client.post(to, {"claim-leg": 1}, follow=True)
    assert "has moved on" in page.content.decode()


def test_another_unit_does_not_claim_it(city: Any, pages: Any) -> None:
    task = set_one(city)
    to = reverse("lists:task_act", args=[task.pk, "claim"])
    assert pages(city.qian).post(to, {"claim-leg": 1}).status_code == 403


def test_the_page_of_a_task_offers_what_the_reader_may_do(city: Any, pages: Any) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    page = reverse("lists:task", args=[task.pk])
    doer = pages(city.zhou).get(page).content.decode()
    assert "Submit as done" in doer and "Change the date" not in doer
    issuer = pages(city.duty_city).get(page).content.decode()
    assert "Change the date" in issuer and "Submit as done" not in issuer


def test_submitted_with_evidence_and_accepted(city: Any, pages: Any) -> None:
    found = problem(city, area=city.city)
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    pages(city.zhou).post(
        reverse("lists:task_act", args=[task.pk, "submit"]),
        {"submit-leg": 2, "submit-text": "完成，抽查 20 所", "submit-evidence": found.number},
    )
    assert task.evidence.get().passage == found.passage
    pages(city.duty_city).post(
        reverse("lists:task_act", args=[task.pk, "accept"]), {"accept-leg": 3}
    )
    assert Task.objects.get().stage == "accepted"


def test_a_return_without_a_reason_is_asked_again(city: Any, pages: Any) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    tasks.submit(task=task, text="完成", by=city.zhou, now=city.at(hours=2))
    to = reverse("lists:task_act", args=[task.pk, "send_back"])
    page = pages(city.duty_city).post(to, {"send_back-leg": 3, "send_back-why": ""})
    assert page.status_code == 422
    assert Task.objects.get().stage == "submitted"


def test_a_task_is_set_on_the_page(city: Any, pages: Any) -> None:
    bureau(city)
    found = problem(city)
    page = pages(city.duty_city).post(
        reverse("lists:set"),
        {
            "goal": "夜间转运车辆增加 10 台", "measure": "等待不超过 1 小时",
            "due_at": "2022-07-05T18:00",
            "unit": unit_of(city.zhou).pk, "issuer": unit_of(city.duty_city).pk,
            "source": "problem", "problem": found.pk,
        },
    )  # fmt: skip
    assert page.status_code == 302
    task = Task.objects.get()
    assert (task.problem, task.due_at) == (found, city.at(days=4, hours=10))


def test_a_demand_from_above_names_its_document(city: Any, pages: Any) -> None:
    bureau(city)
    page = pages(city.duty_city).post(
        reverse("lists:set"),
        {
            "goal": "x", "measure": "y", "due_at": "2022-07-05T18:00", "source": "upper",
            "unit": unit_of(city.zhou).pk, "issuer": unit_of(city.duty_city).pk,
        },
    )  # fmt: skip
    assert page.status_code == 422
    assert "document" in page.content.decode()


def test_passing_down_and_the_tree(city: Any, pages: Any) -> None:
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    task = set_one(city)
    units = [unit_of(city.duty_east).pk, unit_of(city.xi).pk]
    client = pages(city.zhou)
    client.post(reverse("lists:pass_down", args=[task.pk]), {"units": units})
    assert Task.objects.filter(parent=task).count() == 2
    assert task.number in client.get(reverse("lists:tree")).content.decode()
    branch = client.get(reverse("lists:branch", args=[task.pk])).content.decode()
    assert "T-990102-0001" in branch and "T-990103-0001" in branch


def test_what_was_typed_stays_where_a_part_is_not_done(city: Any, pages: Any) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    client = pages(city.zhou)
    client.post(reverse("lists:pass_down", args=[task.pk]), {"units": [unit_of(city.duty_east).pk]})
    to = reverse("lists:task_act", args=[task.pk, "submit"])
    page = client.post(to, {"submit-leg": 2, "submit-text": "抽查 20 所", "submit-evidence": ""})

    assert page.status_code == 422
    assert "抽查 20 所" in page.content.decode()
    assert Task.objects.get(parent=task).number in page.content.decode()


def test_a_task_that_nobody_claimed_in_time_is_shown_as_late(city: Any, pages: Any) -> None:
    task = set_one(city, due_at=city.at(days=9))
    leg = task.passage.handoffs.get()
    leg.due_at = city.at(hours=2)
    leg.save()

    assert "to be claimed" in pages(city.zhou).get(reverse("lists:mine")).content.decode()


def test_tasks_that_were_declined_are_counted_above_the_list(city: Any, pages: Any) -> None:
    task = set_one(city)
    tasks.decline(task=task, why="不属本单位", by=city.zhou, now=city.at(hours=1))
    page = pages(city.duty_city).get(reverse("lists:tasks")).content.decode()

    assert "?stage=declined" in page


def test_words_are_put_right_and_both_stay(city: Any, pages: Any) -> None:
    task = set_one(city)
    to = reverse("lists:amend", args=[task.pk])
    typed = {"seen": task.version, "goal": task.goal, "measure": "抽查 30 所", "reason": "加严"}
    pages(city.duty_city).post(to, typed)
    assert Task.objects.get().measure == "抽查 30 所"
    page = pages(city.duty_city).post(to, typed | {"measure": "抽查 40 所"})
    assert page.status_code == 422
    assert "Somebody else" in page.content.decode()


def test_a_problem_is_raised_assigned_and_decided_on_the_page(city: Any, pages: Any) -> None:
    client = pages(city.duty_east)
    client.post(
        reverse("lists:raise"),
        {
            "title": "采样点排队", "what": "早高峰排队超过一小时", "area": "990102",
            "found_by": "self", "evidence": "现场照片见值班记录",
        },
    )  # fmt: skip
    found = Problem.objects.get()
    assert found.evidence.get().note == "现场照片见值班记录"
    act = lambda name: reverse("lists:problem_act", args=[found.pk, name])  # noqa: E731
    client.post(act("assign"), {"assign-leg": 1, "assign-unit": unit_of(city.duty_street).pk})
    found.refresh_from_db()
    assert found.unit == unit_of(city.duty_street)
    client.post(
        act("decide"),
        {"decide-leg": 2, "decide-reason": "gone", "decide-words": "已错峰，不再排队"},
    )
    found.refresh_from_db()
    assert (found.stage, found.decided_as, found.decided_by) == ("decided", "gone", city.duty_east)


def test_evidence_comes_along_from_another_page(city: Any, pages: Any) -> None:
    page = pages(city.duty_east).get(reverse("lists:raise") + "?evidence=G-31&found_by=gap")
    assert 'value="G-31"' in page.content.decode()


def test_a_reason_needs_words(city: Any, pages: Any) -> None:
    found = problem(city)
    to = reverse("lists:problem_act", args=[found.pk, "decide"])
    page = pages(city.duty_east).post(to, {"decide-leg": 1, "decide-reason": "gone"})
    assert page.status_code == 422


def test_common_problems_are_confirmed_on_the_page(city: Any, pages: Any) -> None:
    east = problem(city)
    west = problem(city, area=city.west, what="夜间等待转运超过两小时，密接不满")
    client = pages(city.duty_city)
    client.post(reverse("lists:look"))
    assert west.title in client.get(reverse("lists:common")).content.decode()
    client.post(
        reverse("lists:decide_common"),
        {"group": [east.pk, west.pk], "same": [east.pk, west.pk], "title": "夜间转运车辆不足"},
    )
    east.refresh_from_db()
    assert east.common is not None
    page = client.get(reverse("lists:common_one", args=[east.common.pk])).content.decode()
    assert "河西区" in page
    page = client.get(reverse("lists:problem", args=[east.common.problem.pk])).content.decode()
    assert east.number in page


def test_the_second_list_says_who_found_it(city: Any, pages: Any) -> None:
    problem(city)
    page = pages(city.duty_city).get(reverse("lists:problems")).content.decode()
    assert "own check" in page


def test_filters_narrow_and_nonsense_does_not(city: Any, pages: Any) -> None:
    task = set_one(city)
    client = pages(city.duty_city)
    for query in ("?late=on", "?stage=accepted", "?search=nichts", "?source=upper", "?unit=商务"):
        assert task.number not in client.get(reverse("lists:tasks") + query).content.decode()
    for query in (
        "",
        "?stage=all",
        "?search=晨午检",
        "?area=990100",
        "?stage=nonsense",
        "?unit=教育",
    ):
        assert task.number in client.get(reverse("lists:tasks") + query).content.decode()


def test_a_county_sees_its_own_lists(city: Any, pages: Any) -> None:
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    found = problem(city)
    assert found.number in pages(city.duty_east).get(reverse("lists:problems")).content.decode()
    assert found.number not in pages(city.xi).get(reverse("lists:problems")).content.decode()
    assert pages(city.xi).get(reverse("lists:problem", args=[found.pk])).status_code == 404


def test_the_export_holds_both_lists_and_is_audited(city: Any, pages: Any) -> None:
    set_one(city), problem(city)
    answer = pages(city.duty_city).post(
        reverse("lists:export"), {"format": "xlsx", "reason": "周例会材料"}
    )
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    event = AuditEvent.objects.get(verb="lists.export")
    assert '"tasks": 1' in event.detail and "周例会材料" in event.detail


def hours_of(city: Any, path: str, *, hours: float) -> float:
    """The hours in which a finished task is to be looked at, in war."""
    book = policy.in_force(city.at(hours=hours))
    return book.deadline("task", "submitted", path).allowed("war").total_seconds() / 3600


def ask_for(client: Any, war: str, *, area: str = "") -> Any:
    """Put other hours forward for looking at finished tasks."""
    address = reverse("lists:rules") + (f"?area={area}" if area else "")
    fields = client.get(address).context["form"].fields
    typed = {name: bound.initial for name, bound in fields.items() if name != "reason"}
    return client.post(address, typed | {"task__submitted__war": war, "reason": "验收太慢"})


def test_a_district_has_hours_of_its_own_once_they_are_adopted(city: Any, pages: Any) -> None:
    citywide = hours_of(city, city.city.path, hours=1)
    ask_for(pages(city.duty_east), "6h")
    made = Adoption.objects.get()
    assert "河东区" in made.reason
    adoption.adopt(adoption=made, by=city.mayor, now=city.at(hours=4))
    assert hours_of(city, city.east.path, hours=5) == 6
    assert hours_of(city, city.west.path, hours=5) == citywide


def test_the_city_changes_the_hours_of_every_area(city: Any, pages: Any) -> None:
    ask_for(pages(city.duty_city), "6h")
    adoption.adopt(adoption=Adoption.objects.get(), by=city.mayor, now=city.at(hours=4))
    assert hours_of(city, city.west.path, hours=5) == 6


def test_a_district_that_asks_for_the_citys_hours_follows_the_city_again(
    city: Any, pages: Any
) -> None:
    citywide = hours_of(city, city.city.path, hours=1)
    for hours, war in ((1, "6h"), (3, f"{citywide:g}h")):
        ask_for(pages(city.duty_east), war)
        made = Adoption.objects.order_by("-pk").first()
        assert made is not None
        adoption.adopt(adoption=made, by=city.mayor, now=city.at(hours=hours))
    assert policy.in_force(city.at(hours=7)).areas == {}


def test_a_district_does_not_settle_the_hours_of_another(city: Any, pages: Any) -> None:
    asked = pages(city.duty_east).get(reverse("lists:rules"), {"area": city.west.code})
    assert asked.status_code == 404


def test_what_the_city_changed_while_a_district_wrote_is_not_asked_back(
    city: Any, pages: Any
) -> None:
    client, address = pages(city.duty_east), reverse("lists:rules")
    page = client.get(address)
    assert 'name="initial-task__submitted__war"' in page.content.decode()
    shown = page.context["form"]
    typed = {name: field.initial for name, field in shown.fields.items() if name != "reason"}
    as_shown = {f"initial-{name}": value for name, value in typed.items()}
    ask_for(pages(city.duty_city), "6h")
    adoption.adopt(adoption=Adoption.objects.get(), by=city.mayor, now=city.at(hours=2))
    sent = typed | as_shown | {"problem__raised__war": "1h", "reason": "快些"}
    pages(city.duty_east).post(address, sent)
    made = policy.of(Adoption.objects.order_by("pk").last())
    (local,) = made.areas.values()
    assert {loop: set(stages) for loop, stages in local.deadline_tables.items()} == {
        "problem": {"raised"}
    }


def test_the_city_sees_which_districts_have_hours_of_their_own(city: Any, pages: Any) -> None:
    ask_for(pages(city.duty_east), "6h")
    adoption.adopt(adoption=Adoption.objects.get(), by=city.mayor, now=city.at())
    page = pages(city.duty_city).get(reverse("lists:rules"))
    assert page.context["with_own"] == [(city.east, 1)]


def test_an_area_with_its_own_hours_is_called_by_its_present_name(city: Any, pages: Any) -> None:
    ask_for(pages(city.duty_east), "6h")
    made = Adoption.objects.get()
    Area.objects.filter(pk=city.east.code).update(name="滨江区", name_en="Riverside")
    shown = reverse("command:proposal", args=[made.pk])
    page = pages(city.mayor).get(shown, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "滨江区·" in page.content.decode()
    adoption.adopt(adoption=made, by=city.mayor, now=city.at())
    assert "滨江区</a> (1)" in pages(city.mayor).get(reverse("lists:rules")).content.decode()
    book = policy.in_force(city.at(hours=3))
    assert policy.titles(book, language="en") == {city.east.code: "Riverside"}


def test_what_an_area_that_ended_had_settled_is_taken_out_from_the_page(
    city: Any, pages: Any
) -> None:
    ask_for(pages(city.duty_east), "6h")
    adoption.adopt(adoption=Adoption.objects.get(), by=city.mayor, now=city.at())
    to = reverse("lists:take_out_rules", args=[city.east.code])
    client = pages(city.duty_city)
    assert client.post(to, {"reason": "已并入西区"}).status_code == 404  # it goes on
    Area.objects.filter(pk=city.east.code).update(ended_on=city.at().date())
    assert to in client.get(reverse("lists:rules")).content.decode()
    client.post(to, {"reason": ""})
    assert Adoption.objects.count() == 1
    client.post(to, {"reason": "已并入西区"})
    made = Adoption.objects.get(adopted_at=None)
    adoption.adopt(adoption=made, by=city.mayor, now=city.at(hours=3))
    assert policy.in_force(city.at(hours=3)).areas == {}
    assert to not in client.get(reverse("lists:rules")).content.decode()


@pytest.mark.parametrize("hours", ["soon", "99h"])
def test_hours_that_make_no_sense_are_refused_with_a_reason(
    city: Any, pages: Any, hours: str
) -> None:
    assert ask_for(pages(city.duty_east), hours).status_code == 422


def test_the_list_of_many_costs_as_many_queries_as_that_of_few(
    city: Any, pages: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        set_one(city, goal=f"任务{number}")
    client = pages(city.duty_city)
    client.get(reverse("lists:tasks"))
    with django_assert_max_num_queries(30):
        client.get(reverse("lists:tasks"))


def test_a_deserted_unit_is_shown_and_the_duty_officer_stands_in(city: Any, pages: Any) -> None:
    task = set_one(city)
    city.zhou.posts.update(to_at=city.at(hours=1))
    page = pages(city.duty_city).get(reverse("lists:task", args=[task.pk])).content.decode()
    assert "Nobody is on duty at 市教育局" in page and "Give to another unit" in page


def test_my_turn_claims_and_returns_by_its_note(city: Any, pages: Any) -> None:
    task = set_one(city)
    to = reverse("ledger:hand_over", args=[task.passage.pk])
    pages(city.zhou).post(to, {"to": "in_progress", "leg": 1, "note": ""})
    found = Task.objects.get()
    assert (found.stage, found.person) == ("in_progress", city.zhou)
    tasks.submit(task=found, text="完成", by=city.zhou, now=city.at(hours=3))
    pages(city.duty_city).post(to, {"to": "in_progress", "leg": 3, "note": "缺记录"})
    assert Task.objects.get().n_returned == 1


def test_delegated_parts_show_their_progress_above(city: Any, pages: Any) -> None:
    task = set_one(city)
    delegate(task=task, parts=[Part(unit_of(city.duty_east))], by=city.zhou, now=city.at(hours=1))
    page = pages(city.zhou).get(reverse("lists:task", args=[task.pk])).content.decode()
    assert "it is not typed above" in page
    assert common.look(now=city.at(hours=3)) == 0


def test_one_list_is_carried_off_as_csv(city: Any, pages: Any) -> None:
    found = problem(city)
    answer = pages(city.duty_city).post(
        reverse("lists:export") + "?list=problems", {"format": "csv", "reason": "周例会材料"}
    )
    assert found.number in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_problem_outside_ones_areas_is_not_named_as_the_same(city: Any, pages: Any) -> None:
    mine = problem(city)
    theirs = problem(city, area=city.west, by=city.duty_city)
    typed = {
        "decide-leg": mine.passage.n_legs, "decide-reason": "duplicate", "decide-words": "重复",
        "decide-same_as": theirs.number,
    }  # fmt: skip
    to = reverse("lists:problem_act", args=[mine.pk, "decide"])
    assert pages(city.duty_east).post(to, typed).status_code == 422
    assert pages(city.duty_city).post(to, typed).status_code == 302
