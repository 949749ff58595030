"""Whatever somebody types into an address or a form is answered, never with a broken page."""

from itertools import product

import pytest

from tests.reviews.positives import positive, review_of
from tongchou.reviews.actions import findings
from tongchou.reviews.models import Finding, Lesson

pytestmark = pytest.mark.django_db

LONG = "9" * 5000
ODD = ("²", "٣", "-1", "1e9", "9" * 20, LONG, "\x00", "'\"<", "0001-01-01", "9999-12-31")


@pytest.fixture
def review(city, person, sign_in, client):
    sign_in(client, city.qian)
    return review_of(positive(city, person()))


@pytest.fixture
def finding(city, review):
    return findings.find(
        review=review, kind="bottleneck", what="slow", by=city.qian, now=city.at(hours=2)
    )


@pytest.mark.parametrize("page", ["all/", "lessons/", "begin/", "lessons/new/"])
def test_no_value_in_an_address_breaks_a_page(client, review, page):
    names = {
        "all/": ("search", "area", "kind", "stage", "cause", "since", "until", "late", "after"),
        "lessons/": ("origin", "after", "before"),
        "begin/": ("cluster",),
        "lessons/new/": ("finding",),
    }[page]
    for name, odd in product(names, ODD):
        shown = client.get(f"/reviews/{page}", {name: odd})
        assert shown.status_code in (200, 400, 404), (name, odd[:20])


def test_no_number_in_an_address_breaks_it(client, review):
    addresses = ("{}/", "passage/{}/", "{}/report/", "{}/earlier/", "effects/{}/",
                 "findings/{}/lead/task/", "lessons/{}/")  # fmt: skip
    for address, number in product(addresses, ("0", "9" * 20, LONG)):
        assert client.get("/reviews/" + address.format(number)).status_code == 404


@pytest.mark.parametrize("odd", [*ODD, "x" * 200_000], ids=range(len(ODD) + 1))
def test_no_value_in_a_form_breaks_it(client, city, review, finding, odd):
    base = f"/reviews/{review.pk}"
    of = f"/reviews/findings/{finding.pk}"
    area = city.east.pk
    forms = {
        f"{base}/judge/": {"judge-judgement": "x", "judge-version": odd},
        f"{base}/find/": {"find-kind": "bottleneck", "find-step": odd, "find-what": "x"},
        f"{base}/act/analysed/": {"analysed-leg": odd, "analysed-note": odd},
        f"{base}/facts/": {"reason": odd},
        f"{base}/export/": {"reason": odd, "format": odd},
        "/reviews/all/export/": {"reason": "for the city", "format": odd, "since": odd},
        f"{of}/why/": {f"why-{finding.pk}-text": "x", f"why-{finding.pk}-after": odd},
        f"{of}/lead/problem/": {"title": odd, "what": odd, "area": odd},
        f"{of}/lead/task/": {"goal": "x", "measure": "x", "due_on": odd, "unit": odd},
        f"{of}/lead/proposal/": {"path": odd, "part": odd, "value": odd, "reason": odd},
        f"{of}/lead/noted/": {"reason": odd},
        "/reviews/begin/": {"title": "x", "area": area, "since": odd, "until": odd, "cluster": odd},
        "/reviews/lessons/new/": {
            "title": "x", "learned": "x", "origin": "own", "area": area, "changed_on": odd,
            "changed_note": "x", "interval": "onset_to_report", "finding": odd, "task": odd,
        },
    }  # fmt: skip
    for address, typed in forms.items():
        assert client.post(address, typed).status_code < 500, address
    for page in (f"{review.pk}/", "lessons/", ""):
        assert client.get(f"/reviews/{page}").status_code == 200


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_lesson_of_a_day_far_off_is_refused(client, city, review, on):
    typed = {
        "title": "x", "learned": "x", "origin": "own", "area": city.east.pk, "changed_on": on,
        "changed_note": "x", "interval": "onset_to_report",
    }  # fmt: skip
    refused = client.post("/reviews/lessons/new/", typed)

    assert refused.status_code == 422 and "This year cannot be meant" in refused.content.decode()
    assert not Lesson.objects.exists()


def test_a_finding_is_of_a_step_that_there_is(client, review):
    typed = {"find-kind": "bottleneck", "find-what": "x", "find-step": "no.such"}
    assert client.post(f"/reviews/{review.pk}/find/", typed).status_code == 422
    assert not Finding.objects.exists()
