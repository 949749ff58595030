"""The pages of the reviews: each stands empty and full, in both languages, for those who may."""

import pytest

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
