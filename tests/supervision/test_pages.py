"""The pages of supervision: each stands empty and filled, and does what its buttons say."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.people.test_pictures import jpeg, told
from tests.supervision import supervised as s
from tongchou.ledger import actions as ledger
from tongchou.ledger.models import Handoff
from tongchou.lists.models import Problem
from tongchou.records.models import AuditEvent
from tongchou.staff.models import Post
from tongchou.supervision.actions import evaluations, notices, objections
from tongchou.supervision.models import (
    Answer,
    Checklist,
    Evaluation,
    Finding,
    Inspection,
    Notice,
    Objection,
    Photo,
    Plan,
)

pytestmark = pytest.mark.django_db

PAGES = (
    "", "inspections/", "plans/", "plans/add/", "self-check/", "findings/", "common/",
    "checklists/", "notices/", "notices/draft/", "evaluations/", "evaluations/ask/", "objections/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def team(city):
    return s.team(city)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def full(city, now):
    """A week ago Hua's and Lin's units had the same wrong; today an inspection of Hua's waits."""
    s.reported(city, now=now - timedelta(days=8), exits="no", sign="no")
    s.reported(city, of=city.lin, now=now - timedelta(days=7), exits="no")
    s.planned(city, now=now)
    return city


@pytest.fixture
def evaluation(full, now):
    made = evaluations.ask(
        area=full.city, from_on=(now - timedelta(days=20)).date(),
        until_on=(now - timedelta(days=1)).date(), by=full.du, now=now,
    )  # fmt: skip
    evaluations.run_waiting(now=now)
    made.refresh_from_db()
    return made


@pytest.fixture
def shown(evaluation, full, now):
    return evaluations.show(evaluation=evaluation, by=full.du, now=now)


def text(client, address, **query):
    page = client.get(f"/supervision/{address}", query)
    assert page.status_code == 200, (address, page.status_code)
    return page.content.decode()


def follow(page):
    """What a redirect's page says."""
    assert page.status_code == 302, page.content.decode()[:2000]
    return page.url


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_empty(client, city, sign_in, address):
    sign_in(client, city.du)

    assert "<h1" in text(client, address)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_filled_in_chinese(client, full, sign_in, address):
    sign_in(client, full.du)
    page = client.get(f"/supervision/{address}", headers={"accept-language": "zh-hans"})

    assert page.status_code == 200
    assert 'lang="zh-hans"' in page.content.decode().lower()


def test_the_pages_of_everything_stand(client, full, shown, sign_in, now):
    sign_in(client, full.du)
    notice = notices.draft(
        area=full.city, from_on=(now - timedelta(days=9)).date(), until_on=now.date(), by=full.du,
        now=now,
    )  # fmt: skip
    unit = s.unit_of(full.hua).pk
    for address in (
        f"inspections/{Inspection.objects.first().pk}/",
        f"inspections/{Inspection.objects.last().pk}/",
        f"plans/{Plan.objects.first().pk}/",
        f"findings/{Finding.objects.first().pk}/",
        f"checklists/{Checklist.objects.first().pk}/",
        f"checklists/{Checklist.objects.first().pk}/issue/",
        "common/small/exits/",
        f"notices/{notice.pk}/",
        f"notices/{notice.pk}/rows/found/",
        f"notices/{notice.pk}/rows/inspected/",
        f"notices/{notice.pk}/rows/overdue-{unit}/",
        f"evaluations/{shown.pk}/",
        f"evaluations/{shown.pk}/units/{unit}/",
        f"evaluations/{shown.pk}/units/{unit}/urgent_rectification/found/",
    ):
        assert "<h1" in text(client, address), address


def test_an_evaluation_that_waits_shows_no_figures_and_no_dashes(client, full, sign_in, now):
    made = evaluations.ask(
        area=full.city, from_on=(now - timedelta(days=20)).date(), until_on=now.date(),
        by=full.du, now=now,
    )  # fmt: skip
    sign_in(client, full.du)
    page = text(client, f"evaluations/{made.pk}/")

    assert "the figures stand here when they are ready" in page
    assert "hand-offs of" not in page


def test_the_objections_of_others_are_told_and_not_led_to(client, full, shown, sign_in, now):
    made = objections.make(
        evaluation=shown, unit=s.unit_of(full.hua), reason="系统当日停机", by=full.hua, now=now
    )
    sign_in(client, full.mayor)
    page = text(client, f"evaluations/{shown.pk}/")

    assert f"{made.number} {made.unit} · to be ruled on" in page
    assert f"/objections/{made.pk}/" not in page


def test_my_turn_leads_to_the_subject(client, full, sign_in):
    sign_in(client, full.hua)
    finding = Finding.objects.get(item="sign")

    assert finding.passage.title in client.get("/ledger/my-turn/").content.decode()
    page = client.get(f"/supervision/finding-passage/{finding.passage_id}/")
    assert follow(page) == f"/supervision/findings/{finding.pk}/"
    inspection = finding.inspection
    page = client.get(f"/supervision/inspection-passage/{inspection.passage_id}/")
    assert follow(page) == f"/supervision/inspections/{inspection.pk}/"


# --- who sees what -----------------------------------------------------------------------------


def test_others_see_what_is_of_their_own_unit_only(client, full, sign_in):
    mine = Finding.objects.filter(unit=s.unit_of(full.hua)).first()
    other = Finding.objects.get(unit=s.unit_of(full.lin))
    sign_in(client, full.hua)

    page = text(client, "findings/")
    assert mine.number in page and other.number not in page
    assert client.get(f"/supervision/findings/{other.pk}/").status_code == 404


def test_who_has_no_such_post_plans_issues_drafts_and_evaluates_nothing(client, full, sign_in):
    sign_in(client, full.hua)
    checklist = Checklist.objects.first().pk

    for address in ("plans/add/", f"checklists/{checklist}/issue/", "notices/draft/",
                    "evaluations/ask/", "common/small/exits/"):  # fmt: skip
        assert client.get(f"/supervision/{address}").status_code == 403, address
    for address in ("inspections/export/", "findings/export/"):
        sent = {"format": "csv", "reason": "领导汇报用"}
        assert client.post(f"/supervision/{address}", sent).status_code == 403


# --- planning ----------------------------------------------------------------------------------


def plan_of(city, **more):
    checklist = s.small(city)
    return {
        "title": "元旦前督查", "kind": "spot_check", "checklist": checklist.pk, "area": "990100",
        "units": [s.unit_of(city.hua).pk, s.unit_of(city.lin).pk],
        "team": s.unit_of(city.du).pk,
        "until_on": (timezone.localdate() + timedelta(days=3)).isoformat(), "why": "",
    } | more  # fmt: skip


def test_a_plan_makes_an_inspection_of_each_unit(client, city, sign_in):
    sign_in(client, city.du)
    page = client.post("/supervision/plans/add/", plan_of(city))

    plan = Plan.objects.get()
    assert follow(page) == f"/supervision/plans/{plan.pk}/"
    assert plan.inspections.count() == 2


def test_who_plans_finds_their_own_unit_as_the_one_that_inspects(client, full, sign_in):
    sign_in(client, full.du)
    form = client.get("/supervision/plans/add/").context["form"]

    assert form["team"].value() == s.unit_of(full.du).pk


def test_the_places_of_one_unit_are_inspected_one_by_one(client, city, sign_in):
    sign_in(client, city.du)
    places = [s.place(city, "一号楼").pk, s.place(city, "二号楼").pk]
    client.post(
        "/supervision/plans/add/",
        plan_of(city, units=[s.unit_of(city.hua).pk], places=places),
    )

    assert set(Inspection.objects.values_list("place", flat=True)) == set(places)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"team": ""}, "Say which unit inspects"),
        ({"until_on": "2020-01-01"}, "over already"),
        ({"units": []}, "required"),
    ],
)
def test_a_plan_that_cannot_be_says_what_to_mend(client, city, sign_in, wrong, says):
    sign_in(client, city.du)
    page = client.post("/supervision/plans/add/", plan_of(city, **wrong))

    assert page.status_code == 422
    assert says in page.content.decode()
    assert not Plan.objects.exists()


def test_places_go_with_one_unit(client, city, sign_in):
    sign_in(client, city.du)
    page = client.post("/supervision/plans/add/", plan_of(city, places=[s.place(city).pk]))

    assert "one unit" in page.content.decode()


def test_a_unit_checks_itself_at_once(client, city, sign_in):
    sign_in(client, city.hua)
    checklist = s.small(city)
    page = client.post(
        "/supervision/self-check/", {"checklist": checklist.pk, "unit": s.unit_of(city.hua).pk}
    )

    inspection = Inspection.objects.get()
    assert follow(page) == f"/supervision/inspections/{inspection.pk}/"
    assert (inspection.kind, inspection.team) == ("self_check", s.unit_of(city.hua))


def test_nobody_checks_another_unit_as_their_own(client, city, sign_in):
    sign_in(client, city.hua)
    page = client.post(
        "/supervision/self-check/",
        {"checklist": s.small(city).pk, "unit": s.unit_of(city.lin).pk},
    )

    assert page.status_code == 422


# --- filling in --------------------------------------------------------------------------------


@pytest.fixture
def open_one(full):
    return Inspection.objects.select_related("passage", "checklist").get(passage__closed_at=None)


HTMX = {"HX-Request": "true"}


def send(client, inspection, item, headers=HTMX, **data):
    return client.post(
        f"/supervision/inspections/{inspection.pk}/answer/{item}/",
        {"seen": 0, "note": ""} | data, headers=headers,
    )  # fmt: skip


def test_an_item_is_answered_and_drawn_again(client, full, open_one, sign_in):
    sign_in(client, full.du)
    page = send(client, open_one, "sign", value="yes")

    body = page.content.decode()
    assert page.status_code == 200
    assert 'id="item-sign"' in body and "1 of 3 answered" in body
    assert Answer.objects.filter(inspection=open_one).get().value == "yes"


def test_without_scripts_the_page_comes_back_at_the_item(client, full, open_one, sign_in):
    sign_in(client, full.du)
    page = send(client, open_one, "sign", headers={}, value="no", note="没有")

    assert follow(page) == f"/supervision/inspections/{open_one.pk}/#item-sign"


def test_a_note_alone_keeps_the_answer(client, full, open_one, sign_in):
    sign_in(client, full.du)
    send(client, open_one, "sign", value="no")
    send(client, open_one, "sign", current="no", note="门口没有标识", seen=1)

    newest = Answer.objects.filter(inspection=open_one).last()
    assert (newest.value, newest.note, newest.number) == ("no", "门口没有标识", 2)


def test_the_same_post_again_changes_nothing(client, full, open_one, sign_in):
    sign_in(client, full.du)
    for _ in range(3):
        assert send(client, open_one, "sign", value="no", note="没有").status_code == 200

    assert Answer.objects.filter(inspection=open_one).count() == 1


def test_the_second_inspector_sees_the_first_and_keeps_what_they_typed(
    client, full, open_one, sign_in
):
    sign_in(client, full.du)
    send(client, open_one, "sign", value="yes")
    sign_in(client, full.cha)
    page = send(client, open_one, "sign", value="no", note="背面没有")

    body = page.content.decode()
    assert page.status_code == 422
    assert "du" in body and "背面没有" in body
    assert 'name="seen" value="1"' in body


@pytest.mark.parametrize(
    ("data", "says"),
    [({"value": "maybe"}, "valid"), ({"value": "no", "note": "电话13900001111"}, "number")],
)
def test_what_cannot_be_an_answer_is_refused(client, full, open_one, sign_in, data, says):
    sign_in(client, full.du)
    page = send(client, open_one, "sign", **data)

    assert page.status_code == 422
    assert says in page.content.decode()


def test_nobody_else_fills_it_in(client, full, open_one, sign_in):
    sign_in(client, full.duty_city)
    page = text(client, f"inspections/{open_one.pk}/")

    assert "check-buttons" not in page
    assert send(client, open_one, "sign", value="yes").status_code == 403


def photo_file(content=None, name="IMG_0001.jpg"):
    file = io.BytesIO(content if content is not None else jpeg(exif=told()))
    file.name = name
    return file


def test_a_photo_is_taken_shown_and_written_down(client, full, open_one, sign_in):
    sign_in(client, full.du)
    to = f"/supervision/inspections/{open_one.pk}/photo/exits/"
    page = client.post(to, {"photo": photo_file()}, headers=HTMX)
    photo = Photo.objects.get()

    assert f"/supervision/photos/{photo.pk}/" in page.content.decode()
    seen = client.get(f"/supervision/photos/{photo.pk}/")
    assert seen["Content-Type"] == "image/jpeg" and "no-store" in seen["Cache-Control"]
    assert b"Nurse" not in seen.content
    assert AuditEvent.objects.filter(verb="photo.read").count() == 1
    sign_in(client, full.lin)
    assert client.get(f"/supervision/photos/{photo.pk}/").status_code == 403


def test_what_is_no_photo_is_refused_with_a_way_on(client, full, open_one, sign_in):
    sign_in(client, full.du)
    to = f"/supervision/inspections/{open_one.pk}/photo/exits/"

    page = client.post(to, {"photo": photo_file(b"%PDF-1.4")}, headers=HTMX)
    assert page.status_code == 422 and "Only JPEG and PNG" in page.content.decode()
    page = client.post(to, {}, headers=HTMX)
    assert "Choose a photo" in page.content.decode()
    assert not Photo.objects.exists()


def test_an_inspection_is_reported_when_it_is_filled_in(client, full, open_one, sign_in):
    sign_in(client, full.du)
    to = f"/supervision/inspections/{open_one.pk}/"
    client.post(f"{to}report/", {"remark": ""})
    assert "3 items are not answered" in text(client, f"inspections/{open_one.pk}/")

    for item in ("exits", "register", "sign"):
        send(client, open_one, item, value="no" if item == "register" else "yes", note="缺两页")
    client.post(f"{to}report/", {"remark": "总体较好"})

    page = text(client, f"inspections/{open_one.pk}/")
    assert "1 finding goes to the unit" in page and "缺两页" in page and "总体较好" in page


def test_an_inspection_is_cancelled_with_a_reason(client, full, open_one, sign_in):
    sign_in(client, full.duty_city)
    to = f"/supervision/inspections/{open_one.pk}/cancel/"
    client.post(to, {"reason": ""})
    open_one.passage.refresh_from_db()
    assert open_one.passage.stage == "planned"

    client.post(to, {"reason": "单位已撤销"})
    open_one.passage.refresh_from_db()
    assert open_one.passage.stage == "cancelled"


def test_a_unit_that_is_closed_is_pointed_out(client, full, open_one, sign_in):
    for user in (full.du, full.cha):
        user.posts.update(to_at=timezone.now())
    sign_in(client, full.duty_city)
    open_one.passage.handoffs.update(unit=s.unit_of(full.duty_city))

    assert "is on post" in text(client, f"inspections/{open_one.pk}/")


def test_a_look_back_is_planned_from_what_was_found(client, full, sign_in):
    sign_in(client, full.du)
    inspection = Finding.objects.get(item="sign").inspection
    until = (timezone.localdate() + timedelta(days=4)).isoformat()
    client.post(f"/supervision/inspections/{inspection.pk}/look-back/", {"until_on": until})

    again = inspection.followed_by.get()
    page = text(client, f"inspections/{again.pk}/")
    assert "item-exits" in page and "item-register" not in page


# --- findings ----------------------------------------------------------------------------------


def act(client, finding, to, **data):
    leg = finding.passage.handoffs.get(done_at=None).number
    return client.post(
        f"/supervision/findings/{finding.pk}/act/{to}/",
        {f"{to}-{name}": value for name, value in ({"leg": leg} | data).items()},
    )


def test_overdue_and_repeated_findings_stand_on_top(client, full, sign_in):
    sign_in(client, full.du)
    numbers = re.findall(r"data-open>(F-\d+)", text(client, "findings/"))

    late = [f.number for f in Finding.objects.filter(severity="urgent").order_by("found_at")]
    assert numbers[:2] == late


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"late": "on"}, 3), ({"severity": "urgent"}, 2), ({"repeated": "on"}, 0),
        ({"stage": "open"}, 3), ({"stage": "passed"}, 0), ({"item": "small/sign"}, 1),
        ({"search": "市第一医院"}, 1), ({"search": "F-999"}, 0), ({"self_found": "on"}, 0),
        ({"area": "990103"}, 0), ({"since": "2099-01-01"}, 0), ({"until": "2099-01-01"}, 3),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(client, full, sign_in, query, n):
    sign_in(client, full.du)

    assert len(re.findall(r"data-open>F-", text(client, "findings/", **query))) == n


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"stage": "planned"}, 1), ({"kind": "self_check"}, 0), ({"late": "on"}, 0),
        ({"mine": "on"}, 3), ({"search": "I-1"}, 1), ({"search": "江滨"}, 2),
        ({"area": "990102"}, 0), ({"since": "2099-01-01"}, 0), ({"until": "2099-01-01"}, 3),
    ],
)  # fmt: skip
def test_inspections_are_narrowed(client, full, sign_in, query, n):
    Inspection.objects.exists()
    sign_in(client, full.du)
    if query.get("search") == "I-1":
        query = {"search": Inspection.objects.first().number}

    assert len(re.findall(r"data-open>I-", text(client, "inspections/", **query))) == n


def test_a_finding_is_mended_checked_and_passed(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    sign_in(client, full.hua)
    assert act(client, finding, "rectified", note="").status_code == 422
    client.post(f"/supervision/findings/{finding.pk}/photo/", {"photo": photo_file()})
    act(client, finding, "rectified", note="已补齐标识")

    sign_in(client, full.du)
    page = text(client, f"findings/{finding.pk}/")
    assert "已补齐标识" in page and "Photo 1" in page
    assert act(client, finding, "found", note="").status_code == 422
    act(client, finding, "passed", note="")
    finding.passage.refresh_from_db()
    assert finding.passage.stage == "passed"


def test_a_finding_is_sent_back_to_its_unit(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    ledger.hand_over(
        passage=finding.passage, to="rectified", by=full.hua, now=timezone.now(), note="好了"
    )
    sign_in(client, full.du)
    act(client, finding, "found", note="仍然没有")

    assert finding.passage.handoffs.get(done_at=None).unit == finding.unit


def test_a_finding_that_was_none_is_withdrawn(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    ledger.hand_over(passage=finding.passage, to="rectified", by=full.hua, now=timezone.now())
    sign_in(client, full.du)
    act(client, finding, "withdrawn", note="标识在侧门，符合要求")

    finding.passage.refresh_from_db()
    assert finding.passage.stage == "withdrawn"


def test_the_unit_does_not_check_itself(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    ledger.hand_over(passage=finding.passage, to="rectified", by=full.hua, now=timezone.now())
    sign_in(client, full.hua)

    assert act(client, finding, "passed", note="").status_code == 403


def test_a_colleague_of_the_unit_is_told_that_others_check(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    ledger.hand_over(passage=finding.passage, to="rectified", by=full.hua, now=timezone.now())
    sign_in(client, s.colleague(full))

    page = text(client, f"findings/{finding.pk}/")
    assert "somebody of another unit checks it" in page and "Checked: mended" not in page
    act(client, finding, "passed", note="")
    assert "Nobody checks what their own unit" in text(client, f"findings/{finding.pk}/")


def test_who_says_it_is_mended_is_not_who_checks_it(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    ledger.hand_over(passage=finding.passage, to="rectified", by=full.du, now=timezone.now())
    sign_in(client, full.du)
    act(client, finding, "passed", note="")

    assert "cannot be who checks it" in text(client, f"findings/{finding.pk}/")


def test_an_old_page_does_not_act(client, full, sign_in):
    finding = Finding.objects.get(item="sign")
    sign_in(client, full.hua)
    page = client.post(
        f"/supervision/findings/{finding.pk}/act/rectified/",
        {"rectified-leg": 7, "rectified-note": "已整改"},
    )

    follow(page)
    assert "has moved on" in text(client, f"findings/{finding.pk}/")


def test_what_two_units_have_wrong_becomes_a_problem_with_its_evidence(client, full, sign_in):
    sign_in(client, full.du)
    assert "Fire exits are free" in text(client, "common/")
    page = client.get("/supervision/common/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "消防通道畅通" in page
    client.post(
        "/supervision/common/small/exits/", {"title": "消防通道被堵", "what": "两家单位同样问题"}
    )

    problem = Problem.objects.get()
    found = set(Finding.objects.filter(item="exits").values_list("passage", flat=True))
    assert set(problem.evidence.values_list("passage", flat=True)) == found
    assert (problem.found_by, problem.found_unit) == ("inspection", s.unit_of(full.du))
    assert problem.number in text(client, "common/")
    one = Finding.objects.filter(item="exits").first()
    assert problem.number in text(client, f"findings/{one.pk}/")


def test_one_units_finding_is_no_problem_of_all(client, full, sign_in):
    sign_in(client, full.du)
    page = client.post("/supervision/common/small/sign/", {"title": "标识", "what": "一家单位"})

    assert page.status_code == 422 and "two units" in page.content.decode()
    assert client.get("/supervision/common/small/none/").status_code == 404


@pytest.mark.parametrize("what", ["inspections", "findings"])
def test_a_list_is_carried_off_with_a_reason(client, full, sign_in, what):
    sign_in(client, full.du)
    to = f"/supervision/{what}/export/"
    assert client.post(to, {"format": "csv"}).status_code == 400
    page = client.post(to, {"format": "csv", "reason": "周例会汇报"})

    rows = list(csv.reader(io.StringIO(b"".join(page.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 4
    event = AuditEvent.objects.get(verb=f"{what[:-1]}.export")
    assert "周例会汇报" in event.detail and '"rows": 3' in event.detail


# --- checklists --------------------------------------------------------------------------------


def test_a_version_is_issued_with_what_changed(client, full, sign_in):
    sign_in(client, full.du)
    old = Checklist.objects.get(slug="small")
    newer = old.text.replace("登记完整", "登记完整准确")
    page = client.post(
        f"/supervision/checklists/{old.pk}/issue/", {"text": newer, "reason": "表述更清楚"}
    )

    second = Checklist.objects.get(slug="small", version=2)
    assert follow(page) == f"/supervision/checklists/{second.pk}/"
    assert "登记完整准确" in text(client, f"checklists/{second.pk}/")


def test_a_text_that_is_no_checklist_says_where(client, full, sign_in):
    sign_in(client, full.du)
    old = Checklist.objects.get(slug="small")
    page = client.post(
        f"/supervision/checklists/{old.pk}/issue/",
        {"text": old.text.replace("weight = 5", "weight = 9"), "reason": "x"},
    )

    assert page.status_code == 422 and "Item 1 (exits)" in page.content.decode()


# --- notices -----------------------------------------------------------------------------------


def test_a_notice_is_drafted_edited_and_signed(client, full, sign_in, now):
    sign_in(client, full.du)
    days = {"from_on": (now - timedelta(days=9)).date(), "until_on": now.date()}
    client.post("/supervision/notices/draft/", {"area": "990100", "tone": "both", **days})
    notice = Notice.objects.get()
    to = f"/supervision/notices/{notice.pk}/"
    body = text(client, f"notices/{notice.pk}/")
    assert f'href="{to}rows/found/">3</a>' in body

    assert client.post(f"{to}edit/", {"title": "x", "text": "{no}", "seen": 0}).status_code == 422
    client.post(f"{to}edit/", {"title": "督查通报", "text": "发现 {found} 个。", "seen": 0})
    client.post(f"{to}recount/")
    sign_in(client, full.mayor)
    client.post(f"{to}sign/", {"seen": 2})

    notice.refresh_from_db()
    assert (notice.signed_by, notice.title) == (full.mayor, "督查通报")
    assert notice.digest in text(client, f"notices/{notice.pk}/")
    sign_in(client, full.chen)
    body = text(client, f"notices/{notice.pk}/")
    assert "发现 3 个。" in body and "rows/found" not in body
    assert client.get(f"{to}rows/found/").status_code == 403


def test_a_number_that_is_not_there_has_no_rows(client, full, sign_in, now):
    sign_in(client, full.du)
    notice = notices.draft(
        area=full.city, from_on=now.date(), until_on=now.date(), by=full.du, now=now
    )

    assert client.get(f"/supervision/notices/{notice.pk}/rows/nothing/").status_code == 404
    assert "No rows" in text(client, f"notices/{notice.pk}/rows/found/")


# --- evaluations -------------------------------------------------------------------------------


def test_an_evaluation_is_asked_for_computed_and_drawn(client, full, sign_in, now):
    sign_in(client, full.du)
    days = {"from_on": (now - timedelta(days=20)).date(), "until_on": now.date()}
    client.post("/supervision/evaluations/ask/", {"area": "990100", "least": 30, **days})
    made = Evaluation.objects.get()
    assert "in the background" in text(client, f"evaluations/{made.pk}/")

    evaluations.run_waiting(now=now)
    page = client.get(f"/supervision/evaluations/{made.pk}/", headers=HTMX).content.decode()
    assert "Too few hand-offs to say" in page and s.unit_of(full.hua).name in page


def test_a_unit_is_led_to_its_own_figures_and_to_no_others(client, full, shown, sign_in):
    sign_in(client, full.hua)
    own, other = s.unit_of(full.hua).pk, s.unit_of(full.lin).pk

    page = client.get(f"/supervision/evaluations/{shown.pk}/")
    assert follow(page) == f"/supervision/evaluations/{shown.pk}/units/{own}/"
    assert "before anybody else" in text(client, f"evaluations/{shown.pk}/units/{own}/")
    other_page = client.get(f"/supervision/evaluations/{shown.pk}/units/{other}/")
    assert other_page.status_code == 403
    assert "figures of your unit" in text(client, "")


def test_figures_that_are_not_shown_are_seen_by_supervision_only(client, full, evaluation, sign_in):
    sign_in(client, full.hua)
    assert client.get(f"/supervision/evaluations/{evaluation.pk}/").status_code == 404


def test_a_unit_contests_and_supervision_rules(client, full, shown, sign_in, now):
    unit = s.unit_of(full.hua).pk
    leg = Handoff.objects.get(loop="urgent_rectification", unit=unit)
    sign_in(client, full.hua)
    page = text(client, f"evaluations/{shown.pk}/units/{unit}/urgent_rectification/found/")
    assert f'name="legs" value="{leg.pk}"' in page
    to = f"/supervision/evaluations/{shown.pk}/contest/{unit}/"
    assert client.post(to, {"reason": ""}).status_code == 422
    client.post(to, {"reason": "当时由消防部门封控，无法整改", "legs": [leg.pk]})

    objection = Objection.objects.get()
    sign_in(client, full.du)
    assert objection.number in text(client, "objections/")
    page = text(client, f"objections/{objection.pk}/")
    assert "Uphold" in page and "1 hand-off contested" in page
    rule = f"/supervision/objections/{objection.pk}/"
    assert client.post(f"{rule}upheld/", {"leg": 1, "reason": ""}).status_code == 422
    client.post(f"{rule}upheld/", {"leg": 1, "reason": "情况属实"})
    evaluations.run_waiting(now=now)

    sign_in(client, full.hua)
    page = text(client, f"evaluations/{shown.pk}/units/{unit}/")
    assert "情况属实" in page and "1 hand-off excluded" in page


def test_what_was_ticked_stays_ticked_where_the_reason_is_refused(client, full, shown, sign_in):
    unit = s.unit_of(full.hua).pk
    leg = Handoff.objects.get(loop="urgent_rectification", unit=unit)
    to = f"/supervision/evaluations/{shown.pk}/units/{unit}/urgent_rectification/found/"
    sign_in(client, full.hua)
    page = client.post(to, {"reason": "错", "legs": [leg.pk]})
    assert page.status_code == 422 and f'value="{leg.pk}" checked' in page.content.decode()
    assert client.post(to, {"reason": "当时由消防部门封控"}).status_code == 422  # nothing ticked
    assert not Objection.objects.exists()
    client.post(to, {"reason": "当时由消防部门封控", "legs": [leg.pk]})
    assert Objection.objects.get().disputed.count() == 1


def test_somebody_of_two_units_finds_the_figures_of_both(client, full, shown, sign_in):
    units = s.unit_of(full.hua), s.unit_of(full.lin)
    Post.objects.create(
        user=full.hua, role=full.lin.posts.get().role, unit=units[1], area=units[1].area,
        level=units[1].area.level, from_at=full.at(days=-9),
    )  # fmt: skip
    sign_in(client, full.hua)
    first = follow(client.get(f"/supervision/evaluations/{shown.pk}/"))
    page = client.get(first).content.decode()
    assert all(f"/evaluations/{shown.pk}/units/{unit.pk}/" in page for unit in units)


def test_the_unit_does_not_rule_on_its_own_objection(client, full, shown, sign_in):
    unit = s.unit_of(full.hua).pk
    sign_in(client, full.hua)
    client.post(
        f"/supervision/evaluations/{shown.pk}/contest/{unit}/", {"reason": "统计情况不属实"}
    )
    objection = Objection.objects.get()

    page = text(client, f"objections/{objection.pk}/")
    assert "Uphold" not in page and "The figures as a whole" in page
    assert "0 hand-offs" not in page
    page = client.post(f"/supervision/objections/{objection.pk}/upheld/", {"leg": 1, "reason": "x"})
    assert page.status_code == 403
    page = client.get(f"/supervision/objection-passage/{objection.passage_id}/")
    assert follow(page) == f"/supervision/objections/{objection.pk}/"


def test_figures_are_shown_and_published_by_those_who_may(client, full, evaluation, sign_in, now):
    to = f"/supervision/evaluations/{evaluation.pk}/"
    sign_in(client, full.du)
    client.post(f"{to}show/", {"days": 5})
    client.post(f"{to}publish/")
    assert "may contest" in text(client, f"evaluations/{evaluation.pk}/")

    Evaluation.objects.update(objections_until=now)
    client.post(f"{to}publish/")
    evaluation.refresh_from_db()
    assert evaluation.state == "published"
    sign_in(client, full.chen)
    assert evaluation.digest in text(client, f"evaluations/{evaluation.pk}/")
    page = client.post(f"{to}export/", {"format": "csv", "reason": "领导汇报用"})
    assert page.status_code == 403
    sign_in(client, full.mayor)
    page = client.post(f"{to}export/", {"format": "csv", "reason": "领导汇报用"})
    assert len(b"".join(page.streaming_content).decode().splitlines()) == 4
    assert AuditEvent.objects.filter(verb="evaluation.export").exists()


# --- what cannot be meant ------------------------------------------------------------------------

HUGE = "9" * 5000
NONSENSE = (HUGE, "9" * 30, "-1", "²", "٣", "1\x00", "x" * 100_000, "0001-01-01", "9999-12-31", "")


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: ascii(value[:12]))
def test_nonsense_is_answered_and_never_a_crash(client, full, shown, sign_in, now, value):
    sign_in(client, full.du)
    notice = notices.draft(area=full.city, from_on=now.date(), until_on=now.date(), by=full.du,
                           now=now)  # fmt: skip
    finding, inspection = Finding.objects.first(), Inspection.objects.last()
    wu = s.unit_of(full.hua).pk
    posts = {
        "plans/add/": plan_of(full) | {"units": [value], "places": [value], "until_on": value},
        "self-check/": {"checklist": value, "unit": value, "place": value},
        "notices/draft/": {"area": "990100", "from_on": value, "until_on": value, "tone": value},
        "evaluations/ask/": {"area": "990100", "from_on": value, "until_on": value, "least": value},
        f"notices/{notice.pk}/edit/": {"title": value, "text": value, "seen": value},
        f"notices/{notice.pk}/sign/": {"seen": value},
        f"evaluations/{shown.pk}/show/": {"days": value},
        f"evaluations/{shown.pk}/contest/{wu}/": {"reason": "x" * 20, "legs": [value]},
        f"findings/{finding.pk}/act/rectified/": {"rectified-leg": value, "rectified-note": value},
        f"inspections/{inspection.pk}/answer/sign/": {"value": value, "note": value, "seen": value},
        f"inspections/{inspection.pk}/look-back/": {"until_on": value, "why": value},
        f"inspections/{inspection.pk}/report/": {"remark": value},
        "common/small/exits/": {"title": value, "what": value},
    }
    for address, data in posts.items():
        assert client.post(f"/supervision/{address}", data).status_code < 500, address
    for address in ("inspections/", "findings/"):
        query = dict.fromkeys(("search", "area", "stage", "since", "until", "item", "after"), value)
        assert client.get(f"/supervision/{address}", query).status_code < 500, address
    if value.isdecimal():
        for address in (f"objections/{value}/upheld/", f"findings/{value}/", f"plans/{value}/",
                        f"notices/{notice.pk}/rows/item-{value}/"):  # fmt: skip
            page = client.post if "upheld" in address else client.get
            assert page(f"/supervision/{address}").status_code == 404, address


def test_a_year_that_nobody_means_is_refused_with_the_bounds(client, full, sign_in):
    sign_in(client, full.du)
    page = client.post("/supervision/evaluations/ask/", {
        "area": "990100", "from_on": "0202-01-01", "until_on": "9999-12-31", "least": 30,
    })  # fmt: skip

    assert page.status_code == 422
    assert "2000" in page.content.decode() and "2099" in page.content.decode()
