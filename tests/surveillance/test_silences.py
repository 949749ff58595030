"""Silent sentinels: who owed a count and did not send it answers for the gap."""

from datetime import timedelta

import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.ledger.models import Gap
from tongchou.ledger.sweeping import sweep
from tongchou.staff.models import Post, Unit
from tongchou.staff.roles import Role
from tongchou.surveillance.actions import report_counts
from tongchou.surveillance.actions import silences as actions
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.actions.signals import NotSaid
from tongchou.surveillance.models import Count, Silence, Site

pytestmark = pytest.mark.django_db

BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def duty(city):
    return sentinel(city)[0]


def noticed(city, *missing):
    return actions.notice_silence(missing=missing, now=city.at())


def test_a_sentinel_that_did_not_report_is_asked_for_it(city, duty):
    (silence,) = noticed(city, (duty.pk, DAY)).new
    leg = silence.passage.handoffs.get()

    assert (leg.stage, leg.owner, leg.unit.name) == ("expected", "sentinel", "河东发热门诊")


def test_the_same_silence_again_changes_nothing(city, duty):
    noticed(city, (duty.pk, DAY))

    assert len(noticed(city, (duty.pk, DAY)).unchanged) == 1
    assert Silence.objects.count() == 1


def test_a_silence_that_lasts_stays_one(city, duty):
    noticed(city, (duty.pk, BEFORE))
    noticed(city, (duty.pk, DAY))

    silence = Silence.objects.get()
    assert (silence.first_on, silence.last_on, silence.n_days) == (BEFORE, DAY, 2)


def test_a_silence_climbs_like_every_gap(city, duty):
    noticed(city, (duty.pk, DAY))
    sweep(now=city.at(hours=5))

    assert Gap.objects.get().loop == "silence"


def test_counts_that_come_end_it(city, duty):
    noticed(city, (duty.pk, DAY))
    counted(city, duty, DAY, 4)

    assert Silence.objects.get().passage.stage == "reported"


def test_an_older_count_alone_does_not_end_it(city, duty):
    noticed(city, (duty.pk, BEFORE), (duty.pk, DAY))
    counted(city, duty, BEFORE, 4)

    assert Silence.objects.get().closed_at is None


def test_an_excuse_needs_a_reason_of_the_list(city, duty):
    (silence,) = noticed(city, (duty.pk, DAY)).new
    with pytest.raises(NotSaid):
        actions.excuse(silence=silence, reason="", by=city.bai, now=city.at(hours=1))


def test_an_excused_day_stays_missing_and_is_not_asked_for_again(city, duty):
    (silence,) = noticed(city, (duty.pk, DAY)).new
    actions.excuse(silence=silence, reason="closed", by=city.bai, now=city.at(hours=1))

    assert noticed(city, (duty.pk, DAY)).new == []
    assert not Count.objects.exists()


def test_silence_after_an_excuse_is_a_new_one(city, duty):
    (silence,) = noticed(city, (duty.pk, BEFORE)).new
    actions.excuse(silence=silence, reason="closed", by=city.bai, now=city.at(hours=1))

    assert len(noticed(city, (duty.pk, BEFORE), (duty.pk, DAY)).new) == 1


def test_an_import_without_a_user_ends_the_silence_in_the_name_of_the_house(city, duty):
    noticed(city, (duty.pk, DAY))
    report_counts(rows=[Reported(duty.pk, DAY, 7)], by=None, now=city.at(hours=1))

    silence = Silence.objects.get()
    leg = silence.passage.handoffs.get()
    assert silence.closed_at is not None
    assert (leg.outcome, leg.done_by.username) == ("reported", "system")
    assert not leg.done_by.is_active and not leg.done_by.has_usable_password()


def test_the_unit_of_the_site_answers_for_its_silence(city, duty):
    own = Unit.objects.create(name="码头门诊", area=city.community)
    post(city, own)
    Site.objects.update(unit=own)
    (silence,) = noticed(city, (duty.pk, DAY)).new

    assert silence.passage.handoffs.get().unit == own


def test_a_unit_that_nobody_is_on_duty_for_gives_way_to_the_nearest(city, duty):
    Site.objects.update(unit=Unit.objects.create(name="码头门诊", area=city.community))
    (silence,) = noticed(city, (duty.pk, DAY)).new

    assert silence.passage.handoffs.get().unit.name == "河东发热门诊"


def post(city, unit):
    """Somebody is on duty for the unit."""
    return Post.objects.create(
        user=city.bai, role=Role.SENTINEL, unit=unit, area=city.community,
        level=city.community.level, from_at=city.at(),
    )  # fmt: skip
