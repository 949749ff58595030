"""The itinerary's pages: a text pasted, looked through and taken; a stay corrected in its place."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from tongchou.areas.models import Place
from tongchou.ledger import policy
from tongchou.records.models import AuditEvent
from tongchou.staff.models import Post
from tongchou.tracing import actions, itineraries, picture, proposals
from tongchou.tracing.models import ItineraryStay

TEXT = (
    "患者王某，男，34岁，家住渡口社区。6月29日8时至12时在水产批发市场上班，20时许到万家福超市购物。"
    "6月30日居家未外出。期间曾去过老地方茶馆。"
)
SEVERAL = (
    "病例1：男，34岁，6月29日8时至11时到水产批发市场购物。\n"
    "病例2：女，60岁，6月29日10时至13时到万家福超市购物。\n"
)


@pytest.fixture(autouse=True)
def morning(city):
    with time_machine.travel(city.at(hours=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def market(city):
    return Place.objects.create(kind="shop", name="水产批发市场", area=city.east)


@pytest.fixture
def wu(client, sign_in, city):
    sign_in(client, city.wu)
    return client


@pytest.fixture
def add(city, investigation):
    def write(begins=8, ends=12, **facts):
        midnight = datetime(2022, 6, 29, tzinfo=timezone.get_default_timezone())
        stay = {
            "place_name": "茶馆",
            "from_at": midnight + timedelta(hours=begins),
            "to_at": midnight + timedelta(hours=ends),
        }
        return actions.add_stay(
            investigation=investigation, stay=stay | facts, by=city.wu, now=city.at(hours=2)
        )

    return write


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def page(name, *args):
    return reverse(f"tracing:{name}", args=args)


def pasted(text=TEXT, on="2022-07-01", **more):
    return {"text": text, "on": on, **more}


def taken(response, **typed):
    """What the browser sends back: every row as it was proposed, but for what was typed."""
    data = pasted(response.context["form"].cleaned_data["text"], take="1")
    for row in response.context["rows"]:
        for bound in row:
            value = bound.value()
            if bound.name == "take" and not value:
                continue
            if isinstance(value, datetime):
                value = value.strftime("%Y-%m-%dT%H:%M")
            data[bound.html_name] = "" if value is None else value
    return data | typed


def read(investigation, city, text=TEXT, **more):
    return proposals.read(
        text, on=date(2022, 7, 1), investigation=investigation, now=city.at(hours=3), **more
    )


# --- what a text proposes ----------------------------------------------------------------------


def test_a_text_proposes_what_it_says_and_says_what_is_doubtful(city, investigation, market):
    rows = read(investigation, city).proposals
    assert [(r.initial["place_name"], r.take) for r in rows][:2] == [
        ("水产批发市场", True),
        ("万家福超市", False),
    ]
    assert any("one hour" in reason for reason in rows[1].reasons)


def test_a_place_of_the_city_is_recognised(city, investigation, market):
    first = read(investigation, city).proposals[0]
    assert first.initial["match"] == f"place:{market.pk}"
    assert first.initial["kind"] == "shop"


def test_of_two_places_with_one_name_neither_is_taken(city, investigation, market):
    Place.objects.create(kind="shop", name="水产批发市场", area=city.west)
    first = read(investigation, city).proposals[0]
    assert (first.initial["match"], len(first.choices)) == ("", 2)


def test_home_is_where_the_case_lives(city, investigation):
    home = next(r for r in read(investigation, city).proposals if r.initial["kind"] == "home")
    assert home.initial["match"] == f"area:{city.community.pk}"


def test_who_came_home_stays_until_the_next_thing_told(city, investigation):
    text = "患者王某，6月29日18时返回家中。6月30日7:30到万家福超市购物，8时离开。"
    home = read(investigation, city, text).proposals[0]
    assert f"{timezone.localtime(home.initial['to_at']):%d %H:%M}" == "30 07:30"
    assert not home.take


def test_a_text_is_known_again_whatever_the_language_of_its_reader(city, investigation, add):
    with translation.override("zh-hans"):
        first = read(investigation, city).proposals[-1].initial
    assert read(investigation, city).proposals[-1].initial["place_name"] == first["place_name"]


def test_a_ride_in_a_shared_vehicle_is_a_stay_of_its_own(city, investigation):
    text = "患者王某，6月29日9时乘坐出租车到万家福超市购物，10时离开。"
    ride, shop = read(investigation, city, text).proposals[:2]
    assert (ride.initial["transport"], ride.initial["kind"], ride.take) == (
        "taxi",
        "transport",
        False,
    )
    assert shop.initial["transport"] == ""


def test_only_what_is_said_of_the_case_is_ticked(city, investigation):
    case = investigation.case
    case.age = 60
    rows = read(investigation, city, SEVERAL).proposals
    assert [r.take for r in rows] == [False, True]
    assert "病例1" in rows[0].reasons[0]


def test_nobody_of_several_is_taken_for_the_case_by_guessing(city, investigation):
    reading = read(investigation, city, SEVERAL)
    assert [who.chosen for who in reading.people] == [False, False]
    assert reading.n_sure == 0
    chosen = read(investigation, city, SEVERAL, person=0)
    assert [r.take for r in chosen.proposals] == [True, False]


def test_a_stay_that_was_taken_out_is_not_proposed_again_unasked(city, investigation, add):
    gone = add(8, 12, place_name="水产批发市场")
    actions.remove_stay(stay=gone, by=city.wu, now=city.at(hours=2))
    assert "taken out" in read(investigation, city).proposals[0].reasons[0]


def test_nothing_of_a_text_lies_in_the_future(city, investigation):
    text = "患者王某，7月1日居家未外出。"
    rows = read(investigation, city, text).proposals
    assert all(r.initial["to_at"] <= city.at(hours=3) for r in rows)


def test_the_pieces_of_a_text_are_the_whole_text(city, investigation):
    for text in (TEXT, SEVERAL):
        assert "".join(piece.text for piece in read(investigation, city, text).pieces) == text


# --- the pages ---------------------------------------------------------------------------------


def test_a_text_is_read_before_anything_is_stored(wu, investigation, market):
    response = wu.post(page("read_text", investigation.pk), pasted())
    html = response.content.decode()
    assert '<mark class="is-place"><span class="hidden">place: </span>水产批发市场' in html
    assert not ItineraryStay.objects.exists()
    assert response.headers["Cache-Control"].startswith("max-age=0")


def test_what_is_ticked_is_stored_with_its_place_and_span(wu, investigation, market):
    url = page("read_text", investigation.pk)
    response = wu.post(url, taken(wu.post(url, pasted())))
    assert response.status_code == 302
    stay = ItineraryStay.objects.get(place=market)
    assert (stay.source, stay.area) == ("text", market.area)
    assert "水产批发市场" in TEXT[stay.text_from : stay.text_to]


def test_line_ends_of_a_browser_shift_no_span(wu, investigation, market):
    url = page("read_text", investigation.pk)
    text = "调查记录\r\n\r\n" + TEXT
    wu.post(url, taken(wu.post(url, pasted(text))))
    stay = ItineraryStay.objects.get(place=market)
    assert text.replace("\r\n", "\n")[stay.text_to - 2 : stay.text_to] == "市场"


def test_the_same_text_pasted_again_stores_nothing_twice(wu, investigation, market):
    url = page("read_text", investigation.pk)
    first = taken(wu.post(url, pasted()))
    wu.post(url, first)
    n = ItineraryStay.objects.count()
    again = wu.post(url, pasted())
    assert again.context["reading"].n_sure == 0
    assert "is in the itinerary already" in again.content.decode()
    response = wu.post(url, first)  # somebody who ticks them all the same
    assert (ItineraryStay.objects.count(), "already" in said(response)[0]) == (n, True)


def test_a_wrong_row_says_which_and_nothing_is_stored(wu, investigation, market):
    url = page("read_text", investigation.pk)
    data = taken(wu.post(url, pasted()), **{"s1-to_at": "2022-06-29T07:00"})
    response = wu.post(url, data)
    assert response.status_code == 422
    assert "It ends before it begins." in response.content.decode()
    assert not ItineraryStay.objects.exists()


def test_a_row_that_is_not_ticked_may_be_wrong(wu, investigation, market):
    url = page("read_text", investigation.pk)
    data = taken(wu.post(url, pasted()), **{"s2-place_name": "", "s2-to_at": "nonsense"})
    assert wu.post(url, data).status_code == 302


def test_storing_with_nothing_ticked_says_so(wu, investigation):
    url = page("read_text", investigation.pk)
    data = taken(wu.post(url, pasted()))
    nothing = {name: value for name, value in data.items() if not name.endswith("-take")}
    response = wu.post(url, nothing)
    assert "Nothing is ticked." in response.content.decode()


def test_a_place_of_another_city_is_not_tied(wu, investigation, market):
    url = page("read_text", investigation.pk)
    data = taken(wu.post(url, pasted()), **{"s1-match": "area:110000"})
    assert wu.post(url, data).status_code == 422


def test_an_identity_in_a_row_is_refused(wu, investigation, market):
    url = page("read_text", investigation.pk)
    data = taken(wu.post(url, pasted()), **{"s1-note": "电话 13800001234"})
    assert wu.post(url, data).status_code == 422


def test_a_text_without_stays_says_what_it_needs(wu, investigation):
    response = wu.post(page("read_text", investigation.pk), pasted("没有什么可说的。"))
    assert "No stay was found in this text" in response.content.decode()


def test_a_text_of_many_stays_is_pasted_in_parts(wu, investigation):
    text = "".join(f"6月{n % 28 + 1}日8时至11时到万家福超市购物。" for n in range(90))
    response = wu.post(page("read_text", investigation.pk), pasted(f"患者王某，{text}"))
    assert response.status_code == 422
    assert "Paste it in parts of at most 80" in response.content.decode()


def test_nothing_of_the_text_is_kept_anywhere(wu, investigation, market):
    url = page("read_text", investigation.pk)
    wu.post(url, taken(wu.post(url, pasted())))
    trail = "".join(AuditEvent.objects.values_list("detail", flat=True))
    assert "王" not in trail and "市场" not in trail
    for row in ItineraryStay.objects.values():
        assert "王某" not in json.dumps(row, default=str, ensure_ascii=False)


def test_who_does_not_trace_reads_no_text_in(client, sign_in, city, investigation, add):
    stay = add()
    sign_in(client, city.chen)
    Post.objects.filter(user=city.chen).update(area=city.city)
    for name, args in (
        ("read_text", [investigation.pk]),
        ("change_stay", [investigation.pk, stay.pk]),
        ("remove_stay", [investigation.pk, stay.pk]),
        ("restore_stay", [investigation.pk, stay.pk]),
    ):
        assert client.post(page(name, *args), pasted()).status_code == 403


def test_the_page_shows_stays_gaps_and_window(wu, investigation, add):
    add()
    response = wu.get(page("itinerary", investigation.pk))
    html = response.content.decode()
    assert response.context["gap_hours"] == 4 * 24 + 11 - 4
    assert "Ask about these hours" in html and "counted from onset on 06-29" in html


def test_a_gap_leads_to_a_form_that_has_its_hours(wu, investigation):
    url = page("itinerary", investigation.pk)
    html = wu.get(url, {"from": "2022-06-27T00:00", "to": "2022-06-28T00:00"}).content.decode()
    assert 'value="2022-06-27T00:00"' in html


def test_a_stay_is_corrected_in_its_place(wu, city, investigation, add):
    stay = add(area=city.east)
    url = page("change_stay", investigation.pk, stay.pk)
    form = wu.get(url, headers={"HX-Request": "true"})
    assert "<html" not in form.content.decode()
    assert "河东区 (990102)" in form.content.decode()
    data = {
        "change-version": 1,
        "change-reason": "told",
        "change-from_at": "2022-06-29T08:00",
        "change-to_at": "2022-06-29T13:00",
        "change-place_name": "茶馆",
        "change-confidence": "1",
        "change-precision": "minute",
    }
    assert wu.post(url, data).status_code == 302
    stay.refresh_from_db()
    assert timezone.localtime(stay.to_at).hour == 13
    assert "Somebody else" in said(wu.post(url, data | {"change-note": "x"}))[-1]


def test_a_correction_that_cannot_be_comes_back_with_its_form_open(wu, investigation, add):
    stay = add()
    response = wu.post(page("change_stay", investigation.pk, stay.pk), {"change-version": 1})
    assert response.status_code == 422
    assert 'id="change"' in response.content.decode()


def test_a_stay_taken_out_is_offered_back(wu, investigation, add):
    stay = add()
    wu.post(page("remove_stay", investigation.pk, stay.pk))
    url = page("restore_stay", investigation.pk, stay.pk)
    assert url in wu.get(page("itinerary", investigation.pk)).content.decode()
    wu.post(url)
    assert ItineraryStay.objects.get() == stay


def test_an_ended_investigation_offers_no_button(wu, city, investigation, add):
    stay = add()
    actions.unreachable(investigation=investigation, by=city.wu, now=city.at(hours=2))
    actions.give_up(
        investigation=investigation, reason="tried all", by=city.peng, now=city.at(hours=2)
    )
    html = wu.get(page("itinerary", investigation.pk)).content.decode()
    assert page("remove_stay", investigation.pk, stay.pk) not in html


def test_the_case_page_shows_the_timeline(wu, investigation, add):
    add()
    url = page("itinerary_panel", investigation.case_id)
    html = wu.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "itinerary-timeline" in html and page("itinerary", investigation.pk) in html


# --- timeline and map --------------------------------------------------------------------------


def test_the_timeline_says_in_words_what_it_draws(city, investigation, add):
    add(8, 12), add(11, 13)
    rows = itineraries.rows(investigation)
    now = city.at(hours=3)
    window = itineraries.window_of(investigation.case, book=policy.in_force(now), now=now)
    chart = picture.timeline(rows, window, itineraries.gaps([r.stay for r in rows], window))
    assert "2 from 2022-06-27 to 2022-07-01" in chart.alt
    assert "2 of them at the same time" in chart.alt and "hours in 2 stretches" in chart.alt
    assert [row[0] for row in chart.table.rows] == ["1", "2"]


def test_a_stay_without_place_stands_in_the_middle_of_its_street(city, investigation, add):
    street = city.area("990102001")
    street.longitude, street.latitude = 111.0, 30.0
    street.save()
    add(area=city.community), add(13, 14)
    chart, n_unplaced = picture.map_of(itineraries.rows(investigation))
    assert n_unplaced == 1
    assert chart.table.rows[0][3] == "around 30.0000, 111.0000"


def test_rides_are_not_on_the_map(investigation, add, market):
    market.longitude, market.latitude = 111.0, 30.0
    market.save()
    add(place=market, area=market.area), add(13, 14, transport="bus", vehicle="12")
    chart, n_unplaced = picture.map_of(itineraries.rows(investigation))
    assert (len(chart.table.rows), n_unplaced) == (1, 0)
