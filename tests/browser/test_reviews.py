"""The reviews in a real browser: every page for everybody, five whys asked on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.little_city import LittleCity, build
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.people.models import Person
from tongchou.reviews.actions import consequences, findings, lessons, opening
from tongchou.reviews.models import Finding, Lesson, Review

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None) -> LittleCity:
    """Two positives found late, a finding with its consequences, a campaign and a lesson."""
    little, now = build(), timezone.now() - timedelta(days=3)
    today = timezone.localdate(now)
    for n in range(2):
        person = Person.objects.create(
            area=little.community, written_at=now, destroy_on=today + timedelta(days=900)
        )
        facts = Facts(
            disease="covid19_omicron", reported_on=today, onset_on=today - timedelta(days=9 + n)
        )
        case = cases.report(
            person=person, area=little.community, facts=facts, by=little.lin, now=now
        )
        cases.verify(case=case, by=little.qian, now=now, classification="confirmed")
    later = now + timedelta(hours=30)
    review = Review.objects.select_related("passage", "area", "case__passage").order_by("id")[0]
    finding = findings.find(
        review=review, kind="bottleneck", step="detect", what="发病九天才采样",
        delay_s=2 * 86400, by=little.qian, now=later,
    )  # fmt: skip
    findings.answer(
        finding=finding,
        text="门诊没有问旅居史",
        cause="training",
        after=0,
        by=little.qian,
        now=later,
    )
    consequences.raise_problem(
        finding=finding, title="门诊不问旅居史", what="发热病人未问旅居史。", area=little.east,
        by=little.qian, now=later,
    )  # fmt: skip
    consequences.propose_change(
        finding=finding, path="deadlines.contact.located.war", value="4h", reason="提前落位",
        by=little.qian, now=later,
    )  # fmt: skip
    opening.begin(
        area=little.east, title="七月疫情", since=today - timedelta(days=9), until=today,
        by=little.qian, now=later,
    )  # fmt: skip
    lessons.learn(
        title="当日采样", learned="发热当日采样。", area=little.east, finding=finding,
        interval="onset_to_report", changed_on=today, changed_note="当日采样",
        by=little.qian, now=later,
    )  # fmt: skip
    return little


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_every_page_of_the_reviews_can_be_used_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    page = open_page("/healthz", by=city.qian, locale=locale, width=width, dark=dark)
    one = Review.objects.filter(kind="case").order_by("id")[0].pk
    many, finding = Review.objects.get(kind="campaign").pk, Finding.objects.get().pk
    wrong = []
    for address in (
        "", "all/", "statistics/", "lessons/", "lessons/new/", "begin/", f"{one}/",
        f"{one}/report/", f"{many}/", f"{many}/report/", f"lessons/{Lesson.objects.get().pk}/",
        f"findings/{finding}/lead/problem/", f"findings/{finding}/lead/task/",
        f"findings/{finding}/lead/proposal/", f"findings/{finding}/lead/noted/",
    ):  # fmt: skip
        page.goto(f"/reviews/{address}")
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_a_why_is_asked_and_answered_on_a_phone(
    open_page: Callable[..., Page], city: LittleCity
) -> None:
    other = Review.objects.filter(kind="case").order_by("id")[1]
    page = open_page(f"/reviews/{other.pk}/", by=city.qian, locale="zh-CN", width=390)
    page.get_by_label("发现了什么").fill("就诊太晚")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("请继续追问原因")).to_be_visible()
    page.get_by_label("为什么会这样").fill("自行服药三天")
    page.get_by_label("成因（若已是最后一问）").select_option("behaviour")
    page.get_by_role("button", name="回答").click()
    expect(page.get_by_text("第 1 问")).to_be_visible()

    finding = other.findings.get()
    assert (finding.cause, finding.whys.get().answer) == ("behaviour", "自行服药三天")
