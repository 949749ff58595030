"""The pages of the surveillance desk: each shows its facts and says when it is empty."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.surveillance.sentinels import found, sentinel, source
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.surveillance import actions as register
from tongchou.surveillance import alarms
from tongchou.surveillance.actions import replays, senders, signals, silences
from tongchou.surveillance.models import Count, Signal, Silence, Site, Threshold
from tongchou.tracing.models import FieldInvestigation

pytestmark = pytest.mark.django_db

PAGES = (
    "", "signals/", "channels/", "map/", "situation/", "brief/", "changes/", "sentinels/",
    "silences/", "counts/", "thresholds/", "leads/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def counts_folder(settings, tmp_path):
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def yesterday():
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def duty(city, yesterday):
    """Nine weeks of about ten fever visits a day, and forty yesterday."""
    duty, _medicine = sentinel(city, "fever-clinic", "pharmacy-fever")
    calm = [9 + (n * 7) % 5 for n in range(62)]
    rows = [*calm, 40]
    from tongchou.surveillance.actions.reporting import Reported

    first = yesterday - timedelta(days=len(rows) - 1)
    register.report_counts(
        rows=[Reported(duty.pk, first + timedelta(days=n), v) for n, v in enumerate(rows)],
        by=city.bai, now=timezone.now(),
    )  # fmt: skip
    return duty


@pytest.fixture
def signal(city, duty, yesterday):
    return signals.raise_signals(
        day=yesterday, found=[found(city.community)], now=timezone.now()
    ).new[0]


def text(client, address, **query):
    page = client.get(f"/surveillance/{address}", query)
    assert page.status_code == 200, address
    return page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_empty(client, city, sign_in, address):
    sign_in(client, city.qian)

    assert "<h1" in text(client, address)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_with_counts_in_chinese(client, city, sign_in, signal, address):
    sign_in(client, city.qian)
    page = client.get(f"/surveillance/{address}", headers={"accept-language": "zh-hans"})

    assert page.status_code == 200
    assert 'lang="zh-hans"' in page.content.decode().lower()


def test_the_desk_asks_to_act_on_what_is_open(client, city, sign_in, signal):
    sign_in(client, city.qian)

    assert "38 fever clinic visits in 渡口社区" in text(client, "")


def test_a_signal_of_another_district_is_not_there(client, city, sign_in, signal):
    sign_in(client, city.duty_east)
    assert signal.number in text(client, "signals/")

    other = signals.raise_signals(
        day=signal.last_on - timedelta(days=1), found=[found(city.west)], now=timezone.now()
    ).new[0]
    assert other.number not in text(client, "signals/")
    assert client.get(f"/surveillance/signals/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ({"search": "渡口"}, True),
        ({"search": "桂花"}, False),
        ({"channel": "pharmacy-fever"}, True),
        ({"channel": "wastewater"}, False),
        ({"stage": "open"}, True),
        ({"stage": "closed"}, False),
        ({"late": "on"}, False),
    ],
)
def test_the_list_is_narrowed(client, city, sign_in, signal, query, there):
    sign_in(client, city.qian)

    assert (signal.number in text(client, "signals/", **query)) == there


def act(client, signal, to, **typed):
    signal.passage.refresh_from_db()
    data = {f"{to}-{name}": value for name, value in typed.items()}
    data[f"{to}-leg"] = signal.passage.n_legs
    return client.post(f"/surveillance/signals/{signal.pk}/act/{to}/", data)


def test_a_signal_is_carried_from_claim_to_the_spot_on_its_page(client, city, sign_in, signal):
    sign_in(client, city.qian)
    act(client, signal, "claimed")
    act(client, signal, "verified", way="call_back")
    assert act(client, signal, "confirmed").status_code == 302

    spot = FieldInvestigation.objects.get()
    assert spot.passage.caused_by == signal.passage
    assert "38 fever clinic visits" in spot.reason


def test_closing_without_a_finding_is_refused_on_the_page(client, city, sign_in, signal):
    sign_in(client, city.qian)
    act(client, signal, "claimed")

    assert act(client, signal, "closed", finding="").status_code == 422
    assert Signal.objects.get().passage.stage == "claimed"


def test_who_is_not_of_the_cdc_does_not_claim(client, city, sign_in, signal):
    sign_in(client, city.wu)

    assert act(client, signal, "claimed").status_code == 403


def test_the_page_of_a_signal_draws_its_channels_with_a_table_beside(
    client, city, sign_in, signal, yesterday
):
    sign_in(client, city.qian)
    page = text(client, f"signals/{signal.pk}/")

    assert "signal-fever-clinic" in page
    assert yesterday.isoformat() in page
    assert "75.0%" in page or "75%" in page  # the part of fever visits in the statistic


def test_an_export_is_counted_and_needs_a_reason(client, city, sign_in, signal):
    sign_in(client, city.qian)
    sent = client.post(
        "/surveillance/signals/export/", {"format": "csv", "reason": "for the brief"}
    )

    assert signal.number in b"".join(sent.streaming_content).decode()
    assert client.post("/surveillance/signals/export/", {"format": "csv"}).status_code == 400


# --- counts come in ------------------------------------------------------------------------------


def test_a_sentinel_types_the_counts_of_a_day(client, city, sign_in, yesterday):
    duty = sentinel(city)[0]
    sign_in(client, city.bai)
    sent = client.post(
        f"/surveillance/counts/{duty.site_id}/store/", {"day": yesterday, f"value-{duty.pk}": 12}
    )

    assert sent.status_code == 302
    count = Count.objects.get()
    assert (count.day, count.value, count.reported_by) == (yesterday, 12, city.bai)


def test_nothing_counted_is_a_zero_and_an_empty_field_is_none(client, city, sign_in, yesterday):
    fever, medicine = sentinel(city, "fever-clinic", "pharmacy-fever")
    sign_in(client, city.bai)
    client.post(
        f"/surveillance/counts/{fever.site_id}/store/",
        {"day": yesterday, f"value-{fever.pk}": 0, f"value-{medicine.pk}": ""},
    )

    assert [(c.duty_id, c.value) for c in Count.objects.all()] == [(fever.pk, 0)]


def test_another_number_than_before_asks_why(client, city, sign_in, duty, yesterday):
    sign_in(client, city.bai)
    address = f"/surveillance/counts/{duty.site_id}/store/"
    typed = {"day": yesterday, f"value-{duty.pk}": 41}

    assert client.post(address, typed).status_code == 422
    assert client.post(address, typed | {"reason": "one came late"}).status_code == 302
    assert Count.objects.get(duty=duty, day=yesterday, current=True).revision == 2


def test_typing_the_missing_counts_ends_the_silence(client, city, sign_in, yesterday):
    duty = sentinel(city)[0]
    silences.notice_silence(missing=[(duty.pk, yesterday)], now=city.at())
    sign_in(client, city.bai)
    client.post(
        f"/surveillance/counts/{duty.site_id}/store/", {"day": yesterday, f"value-{duty.pk}": 3}
    )

    assert Silence.objects.get().passage.stage == "reported"


def test_a_tracer_enters_no_counts(client, city, sign_in, yesterday):
    duty = sentinel(city)[0]
    sign_in(client, city.wu)
    sent = client.post(
        f"/surveillance/counts/{duty.site_id}/store/", {"day": yesterday, f"value-{duty.pk}": 3}
    )

    assert sent.status_code == 403


def test_a_silence_is_excused_on_its_page(client, city, sign_in, yesterday):
    duty = sentinel(city)[0]
    (silence,) = silences.notice_silence(missing=[(duty.pk, yesterday)], now=city.at()).new
    sign_in(client, city.bai)
    assert "is silent" in text(client, f"silences/{silence.pk}/")

    client.post(f"/surveillance/silences/{silence.pk}/excuse/", {"leg": 1, "reason": "closed"})
    assert Silence.objects.get().excuse == "closed"


def test_a_site_is_entered_with_what_it_owes(client, city, sign_in):
    source()
    sign_in(client, city.qian)
    typed = {
        "source": "sentinels", "code": "S9", "name": "书院小学", "area": "990102002001",
        "channels": ["school-absence"], "due": "10:00",
    }  # fmt: skip

    assert client.post("/surveillance/sentinels/add/", typed).status_code == 302
    assert Site.objects.get(code="S9").duties.get().due.hour == 10
    assert "书院小学" in text(client, "sentinels/")


def test_a_file_of_counts_reconciles(client, city, sign_in, yesterday):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sentinel(city)
    rows = (
        f"Date,Site,Channel,Count\n{yesterday},C1,fever-clinic,7\n{yesterday},C9,fever-clinic,7\n"
    )
    sign_in(client, city.qian)
    sent = client.post(
        "/surveillance/counts/upload/", {"file": SimpleUploadedFile("a.csv", rows.encode())}
    )

    assert "2 rows read = 1 stored + 1 refused" in sent.content.decode()


# --- the API -------------------------------------------------------------------------------------


def send(client, token, *counts):
    return client.post(
        "/api/v1/counts",
        json.dumps({"counts": counts}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )


def test_a_machine_sends_counts_and_is_told_what_was_refused(client, city, yesterday):
    duty = sentinel(city)[0]
    _sender, token = senders.add_sender(
        source=duty.site.source, name="HIS", by=city.qian, now=city.at()
    )
    good = {"site": "C1", "channel": "fever-clinic", "day": str(yesterday), "value": 5}
    done = send(client, token, good, good | {"site": "C9"}, good | {"value": 5.5}).json()

    assert (done["read"], done["new"], done["refused"]) == (3, 1, 2)
    assert [one["line"] for one in done["refusals"]] == [2, 3]
    assert send(client, token, good).json()["unchanged"] == 1


def test_a_sender_that_has_ended_sends_nothing(client, city, yesterday):
    made, token = senders.add_sender(source=source(), name="HIS", by=city.qian, now=city.at())
    senders.end_sender(sender=made, by=city.qian, now=city.at())

    assert send(client, token).status_code == 401


def test_a_token_is_shown_once(client, city, sign_in):
    source()
    sign_in(client, city.steward)
    sent = client.post("/surveillance/senders/", {"source": "sentinels", "name": "HIS"})

    assert re.search(r"<code>[\w-]{40,}</code>", sent.content.decode())
    assert "<code>" not in text(client, "senders/")


# --- thresholds ----------------------------------------------------------------------------------


ASKED = {"channel": "fever-clinic", "detector": "ears-c2", "per_week": "0.2"}


def replayed(client, **asked):
    """Ask for a replay and let the worker do it; the address of the page that shows it."""
    to = client.post("/surveillance/thresholds/replay/", ASKED | asked)["Location"]
    replays.run_waiting(now=timezone.now())
    return to.removeprefix("/surveillance/")


def test_a_threshold_is_shown_before_it_is_set(client, city, sign_in, duty):
    sign_in(client, city.qian)
    page = replayed(client)
    assert "Alarms in the replay" in text(client, page)
    assert not Threshold.objects.exists()

    client.post(f"/surveillance/{page}set/", {"reason": "too many alarms"})
    assert Threshold.objects.get().set_by == city.qian


def test_a_replay_is_waited_for_on_its_page(client, city, sign_in, duty):
    sign_in(client, city.qian)
    page = client.post("/surveillance/thresholds/replay/", ASKED)["Location"]
    assert "Waiting for the worker" in client.get(page).content.decode()
    assert "HX-Redirect" not in client.get(f"{page}progress/")

    replays.run_waiting(now=timezone.now())
    assert client.get(f"{page}progress/")["HX-Redirect"] == page
    assert "EARS C2" in client.get(page).content.decode()


def test_a_threshold_cannot_be_set_before_its_replay_is_done(client, city, sign_in, duty):
    sign_in(client, city.qian)
    page = client.post("/surveillance/thresholds/replay/", ASKED)["Location"]

    assert client.post(f"{page}set/", {"reason": "too many alarms"}).status_code == 422
    assert not Threshold.objects.exists()


def test_the_next_cycle_goes_by_the_threshold_that_was_set(client, city, sign_in, duty):
    sign_in(client, city.qian)
    client.post(f"/surveillance/{replayed(client)}set/", {"reason": "too many alarms"})

    assert alarms.in_force().of("fever-clinic", "ears-c2") == Threshold.objects.get().limit


def test_a_channel_without_history_has_no_threshold_to_show(client, city, sign_in, duty):
    sign_in(client, city.qian)

    assert "History is too short to tell" in text(client, replayed(client, channel="hotline-fever"))


def test_all_channels_weighed_together_have_a_threshold_of_their_own(client, city, sign_in, duty):
    sign_in(client, city.qian)
    page = text(client, replayed(client, channel="", detector="evidence"))

    assert "Alarms in the replay" in page or "History is too short to tell" in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"channel": "", "detector": "daily"}, "Choose a channel"),
        ({"detector": "weekly"}, "This channel is judged by: daily model, EARS C2."),
        (
            {"channel": "wastewater", "detector": "daily"},
            "This channel is judged by: weekly model, Farrington",
        ),
    ],
)
def test_a_method_fits_its_channel(client, city, sign_in, duty, asked, words):
    sign_in(client, city.qian)
    page = client.post("/surveillance/thresholds/replay/", ASKED | asked)

    assert page.status_code == 422
    assert words in page.content.decode()


def test_only_the_cdc_sets_thresholds(client, city, sign_in, duty):
    sign_in(client, city.mayor)
    page = replayed(client)

    assert client.post(f"/surveillance/{page}set/", {"reason": "too many"}).status_code == 403


# --- Rt ------------------------------------------------------------------------------------------


def test_the_tail_that_is_not_reported_yet_is_drawn_as_uncertain(client, city, sign_in, person):
    today = timezone.localdate()
    for n in range(40):
        for late in range(1 + n // 10):
            onset = today - timedelta(days=40 - n)
            facts = Facts(
                disease="covid19_omicron", reported_on=onset + timedelta(days=1 + late % 4),
                onset_on=onset, classification="confirmed",
            )  # fmt: skip
            if facts.reported_on < today:
                cases.report(
                    person=person(), area=city.community, facts=facts, by=city.qian, now=city.at()
                )
    sign_in(client, city.qian)
    page = text(client, "situation/")

    assert "The hatched days are not all reported yet" in page
    assert "to be expected in the end" in page
    assert "in the week up to" in page


# --- leads ---------------------------------------------------------------------------------------


def test_leads_are_not_shown_to_a_commander(client, city, sign_in):
    sign_in(client, city.mayor)

    assert "not shown to your post" in text(client, "leads/")


def test_a_lead_is_noted_and_carried_to_a_case_on_its_page(client, city, sign_in):
    sign_in(client, city.chen)
    today = timezone.localdate()
    typed = {"noted_on": today, "name": "孙", "phone": "13800001234", "area": "990102001001"}
    sent = client.post("/surveillance/leads/note/antigen/", typed)
    assert sent.status_code == 302
    number = int(sent.url.strip("/").split("/")[-1])
    address = f"/surveillance/leads/{number}/act"
    client.post(f"{address}/sampled/", {"sampled-leg": 1, "sampled-on": today})
    sign_in(client, city.qian)
    client.post(f"{address}/positive/", {"positive-leg": 2})

    case = Case.objects.get()
    assert case.number in text(client, f"leads/{number}/")


def test_a_fever_clinic_list_is_looked_through_before_it_is_stored(client, city, sign_in):
    sign_in(client, city.lin)
    table = f"就诊日期\t姓名\t电话\t社区\n{timezone.localdate()}\t孙\t13800001234\t990102001001\n"
    page = client.post("/surveillance/leads/paste/fever/", {"table": table}).content.decode()
    sent = re.search(r'name="source" value="([^"]+)"', page)
    assert sent
    client.post("/surveillance/leads/paste/fever/", {"source": sent[1], "store": "1"})

    from tongchou.surveillance.models import Lead

    assert Lead.objects.get().kind == "fever"


def test_what_changed_tells_of_silence_and_of_revisions(client, city, sign_in, duty, yesterday):
    other = sentinel(city, code="C7")[0]
    silences.notice_silence(missing=[(other.pk, yesterday)], now=timezone.now())
    register.revise(
        duty=duty, day=yesterday, value=41, reason="one came late", by=city.bai, now=timezone.now()
    )
    sign_in(client, city.qian)
    page = text(client, "changes/")

    assert "Fell silent" in page
    assert "one came late" in page
