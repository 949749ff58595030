"""The pages of the reviews: each stands empty and full, in both languages, for those who may."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.reviews.positives import positive, review_of
from tongchou.reviews.actions import opening

pytestmark = pytest.mark.django_db

PAGES = ("", "all/", "lessons/", "lessons/new/", "statistics/", "begin/")


def text(client, address, **query):
    page = client.get(f"/reviews/{address}", query)
    assert page.status_code == 200, (address, page.status_code)
    return page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_empty(client, city, sign_in, address):
    sign_in(client, city.qian)

    assert "<h1" in text(client, address)


@pytest.fixture
def review(city, person):
    case = positive(city, person(), onset_on=city.at(days=-9).date())
    return review_of(case)


@pytest.mark.parametrize("address", (*PAGES, "{pk}/", "{pk}/report/", "{pk}/earlier/"))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_stands_with_a_review(client, city, sign_in, review, address, language):
    sign_in(client, city.qian)
    page = client.get(
        f"/reviews/{address.format(pk=review.pk)}", headers={"accept-language": language}
    )

    assert page.status_code == 200
    assert "lasted" not in page.content.decode()


def test_a_campaign_shows_medians_of_its_positives(client, city, sign_in, review):
    made = opening.begin(
        area=city.east, title="July", since=city.at().date(), until=city.at(days=9).date(),
        by=city.qian, now=city.at(days=1),
    )  # fmt: skip
    sign_in(client, city.qian)

    shown = text(client, f"{made.pk}/")
    assert "1 positive together" in shown
    assert "9 days" in shown
    assert "1. Of what" in text(client, f"{made.pk}/report/")


# --- what is done on the pages -------------------------------------------------------------------


def send(client, address, **data):
    return client.post(f"/reviews/{address}", data, follow=True)


def test_a_finding_its_whys_and_a_problem_are_written_on_the_page(client, city, sign_in, review):
    from tongchou.lists.models import Problem

    sign_in(client, city.qian)
    send(client, f"{review.pk}/find/", **{
        "find-kind": "bottleneck", "find-step": "detect", "find-what": "九天才发现",
    })  # fmt: skip
    finding = review.findings.get()
    assert (finding.step, finding.delay_s) == ("detect", 2 * 86400)

    why = f"why-{finding.pk}"
    send(client, f"findings/{finding.pk}/why/", **{
        f"{why}-text": "门诊没有采样", f"{why}-cause": "training", f"{why}-after": 0,
    })  # fmt: skip
    send(
        client, f"findings/{finding.pk}/lead/problem/",
        title="门诊不采样", what="发热病人未采样", area=city.east.pk,
    )  # fmt: skip
    assert Problem.objects.get().title == "门诊不采样"
    shown = text(client, f"{review.pk}/")
    assert "门诊没有采样" in shown and Problem.objects.get().number in shown


def test_a_task_and_a_proposal_come_of_the_page(client, city, sign_in, review):
    from django.utils import timezone

    from tongchou.ledger.models import Adoption
    from tongchou.lists.models import Task
    from tongchou.reviews.actions import findings
    from tongchou.staff.models import Unit

    finding = findings.find(
        review=review, kind="enabler", step="case_report.reported", what="快",
        by=city.qian, now=city.at(hours=4),
    )  # fmt: skip
    sign_in(client, city.qian)
    assert "deadlines.case_report.reported" in text(client, f"findings/{finding.pk}/lead/proposal/")
    send(
        client, f"findings/{finding.pk}/lead/task/", goal="各门诊照办", measure="抽查",
        due_on=(timezone.localdate() + timedelta(days=5)).isoformat(),
        unit=Unit.objects.get(name="市第一医院").pk,
    )  # fmt: skip
    assert Task.objects.get().goal == "各门诊照办"
    send(
        client, f"findings/{finding.pk}/lead/proposal/", path="deadlines.case_report.reported",
        part="war", value="1h", reason="做得到",
    )  # fmt: skip
    assert "1h" in Adoption.objects.get().text
    assert "waits for a second person" in text(client, f"{review.pk}/")


def test_a_value_that_is_none_is_refused_beside_what_was_typed(client, city, sign_in, review):
    sign_in(client, city.qian)
    send(client, f"{review.pk}/find/", **{
        "find-kind": "bottleneck", "find-what": "夜间转运慢", "find-step": "",
    })  # fmt: skip
    finding = review.findings.get()
    page = client.post(
        f"/reviews/findings/{finding.pk}/lead/proposal/",
        {"path": "contact.close.quarantine", "part": "war", "value": "很快", "reason": "x"},
    )

    assert page.status_code == 422
    assert 'value="很快"' in page.content.decode()
    said = "“很快” does not fit the part “war”. The rule says: 7 days in a facility"
    assert said in page.content.decode()


def test_the_way_from_analysed_to_accepted(client, city, sign_in, review):
    sign_in(client, city.qian)
    send(client, f"{review.pk}/act/analysed/", **{"analysed-leg": 1})
    send(client, f"{review.pk}/judge/", **{
        "judge-judgement": "无明显延误。", "judge-version": review.version,
    })  # fmt: skip
    send(client, f"{review.pk}/act/submitted/", **{"submitted-leg": 2})
    sign_in(client, city.duty_east)
    assert "Send back" in text(client, f"{review.pk}/")
    send(client, f"{review.pk}/act/accepted/", **{"accepted-leg": 3})

    review.refresh_from_db()
    assert review.accepted_at is not None
    assert "As accepted on" in text(client, f"{review.pk}/report/")


def test_an_old_page_cannot_act(client, city, sign_in, review):
    sign_in(client, city.qian)
    send(client, f"{review.pk}/act/analysed/", **{"analysed-leg": 1})
    page = send(client, f"{review.pk}/act/submitted/", **{"submitted-leg": 1})

    assert "moved on" in page.content.decode()


def test_somebody_who_reads_does_not_write(client, city, sign_in, review):
    sign_in(client, city.wu)
    assert text(client, f"{review.pk}/")
    page = client.post(f"/reviews/{review.pk}/find/", {"find-kind": "enabler", "find-what": "x"})

    assert page.status_code == 403


@pytest.mark.parametrize("who", ["lin", "zhao", "chen"])
def test_who_has_nothing_to_do_with_reviews_sees_none(client, city, sign_in, review, who):
    sign_in(client, getattr(city, who))

    assert client.get("/reviews/").status_code == 403
    assert client.get(f"/reviews/{review.pk}/").status_code == 403


def test_another_county_does_not_see_it(client, city, sign_in, review):
    from tongchou.staff.models import Post, Unit, User

    west = User.objects.create(username="west")
    unit = Unit.objects.create(name="河西区疾控", area=city.west)
    Post.objects.create(
        user=west, role="cdc", unit=unit, area=city.west, level=city.west.level,
        from_at=city.at(days=-9),
    )  # fmt: skip
    sign_in(client, west)

    assert client.get(f"/reviews/{review.pk}/").status_code == 404
    assert review.number not in text(client, "all/")


@pytest.mark.parametrize(
    "address", ["all/export/", "statistics/export/", "lessons/export/", "{pk}/export/"]
)
def test_a_file_needs_a_reason_and_is_in_the_audit(client, city, sign_in, review, address):
    from tongchou.records.models import AuditEvent

    sign_in(client, city.qian)
    where = f"/reviews/{address.format(pk=review.pk)}"
    assert client.post(where, {"format": "csv"}).status_code == 400
    page = client.post(where, {"format": "csv", "reason": "district meeting"})

    assert page.status_code == 200
    assert AuditEvent.objects.filter(verb__endswith=".export").count() == 1


def test_the_facts_come_as_json(client, city, sign_in, review):
    sign_in(client, city.qian)
    page = client.post(f"/reviews/{review.pk}/facts/", {"reason": "province"})

    assert page.json()["review"] == review.number


def test_a_lesson_is_entered_changed_and_withdrawn(client, city, sign_in, review):
    from tongchou.reviews.models import Lesson

    sign_in(client, city.qian)
    page = send(
        client, "lessons/new/", title="当日采样", learned="发热当日采样", origin="outside",
        area=city.city.pk,
    )  # fmt: skip
    assert page.status_code == 422 and not Lesson.objects.exists()
    send(
        client, "lessons/new/", title="当日采样", learned="发热当日采样", origin="outside",
        place="苏州", source="考察记录", area=city.city.pk,
    )  # fmt: skip
    lesson = Lesson.objects.get()
    send(client, f"lessons/{lesson.pk}/change/", **{
        "change-interval": "onset_to_report", "change-changed_on": "2022-07-02",
        "change-changed_note": "当日采样",
    })  # fmt: skip
    assert "too few positives to tell" in text(client, "lessons/")
    send(client, f"lessons/{lesson.pk}/withdraw/", **{"withdraw-reason": "写错"})
    assert "当日采样" not in text(client, "lessons/")


def test_a_campaign_begins_on_the_page_and_opens_what_has_no_review(client, city, sign_in, person):
    from tests.reviews.positives import reported
    from tongchou.cases.models import Case
    from tongchou.reviews.models import Review

    case = reported(city, person())
    Case.objects.filter(pk=case.pk).update(
        classification="confirmed", passage=None, outcome="alive"
    )
    sign_in(client, city.qian)
    send(client, "begin/", title="七月", area=city.east.pk, since="2022-07-01", until="2022-07-09")
    made = Review.objects.get(kind="campaign")
    send(client, f"{made.pk}/open-each/")

    assert Review.objects.get(kind="case").case == case


def test_the_inbox_leads_to_the_page(client, city, sign_in, review):
    sign_in(client, city.qian)
    inbox = client.get(reverse("ledger:my_turn")).content.decode()

    assert review.number in inbox
    page = client.get(f"/reviews/passage/{review.passage_id}/")
    assert page.url == f"/reviews/{review.pk}/"
