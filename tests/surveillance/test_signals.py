"""Signals: one for what goes on, however often its days are computed; each verified and settled."""

from datetime import timedelta

import pytest
from django.utils import translation

from tests.surveillance.sentinels import DAY, found, sentinel
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.records.models import AuditEvent
from tongchou.surveillance import wording
from tongchou.surveillance.actions import signals as actions
from tongchou.surveillance.models import Evidence, Signal
from tongchou.surveillance.queries import signals as queries

pytestmark = pytest.mark.django_db

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def signal(city) -> Signal:
    """More fever visits in the harbour community than were expected."""
    sentinel(city, "fever-clinic", "pharmacy-fever")
    return raised(city).new[0]


def raised(city, day=DAY, *some, **facts):
    some = some or (found(city.community, **facts),)
    return actions.raise_signals(day=day, found=some, now=city.at())


def nothing(city, day=DAY):
    return actions.raise_signals(day=day, found=(), now=city.at(hours=1))


def test_a_signal_waits_for_the_cdc(city, signal):
    leg = signal.passage.handoffs.get()

    assert (leg.stage, leg.owner, leg.unit.name) == ("raised", "cdc", "市疾控中心")


def test_the_same_day_again_changes_nothing(city, signal):
    n_audited = AuditEvent.objects.count()
    again = raised(city)

    assert again.unchanged == [signal]
    assert (Signal.objects.count(), Evidence.objects.count()) == (1, 1)
    assert AuditEvent.objects.count() == n_audited


def test_the_next_day_extends_the_signal_that_is_open(city, signal):
    assert raised(city, NEXT, days=2, observed=44).extended == [signal]

    signal.refresh_from_db()
    assert (signal.first_on, signal.last_on, signal.n_days) == (DAY, NEXT, 2)
    assert signal.observed == 44


def test_a_confirmed_signal_goes_on_while_it_is_looked_into(city, signal):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))
    actions.verify(signal=signal, way="visit", by=city.qian, now=city.at(hours=2))
    actions.confirm(signal=signal, by=city.qian, now=city.at(hours=3))

    assert raised(city, NEXT).extended == [signal]


def test_after_it_was_closed_a_new_one_is_raised_that_names_it(city, signal):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))
    actions.close(signal=signal, finding="weather", by=city.qian, now=city.at(hours=2))

    (new,) = raised(city, NEXT).new
    assert new.follows == signal


def test_the_day_of_a_closed_signal_is_not_raised_again(city, signal):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))
    actions.close(signal=signal, finding="weather", by=city.qian, now=city.at(hours=2))

    assert raised(city).unchanged == [signal]


def test_two_areas_raise_two_signals(city, signal):
    done = raised(city, DAY, found(city.community), found(city.east))

    assert done.unchanged == [signal]
    assert len(done.new) == 1


def test_a_channel_of_its_own_is_another_signal_than_all_together(city, signal):
    done = raised(city, DAY, found(city.community), found(city.community, subject="hotline-fever"))

    assert len(done.new) == 1


def test_late_data_put_other_figures_in_their_place(city, signal):
    assert raised(city, observed=30).changed == [signal]

    row = Evidence.objects.get()
    assert (row.observed, row.n_times) == (30, 2)


def test_evidence_that_is_gone_stays_in_the_record_and_says_so(city, signal):
    assert nothing(city).gone == [signal]

    assert not Evidence.objects.get().stands
    assert nothing(city).gone == []


def test_evidence_that_comes_back_stands_again(city, signal):
    nothing(city)

    assert raised(city).changed == [signal]
    assert Evidence.objects.get().stands


def test_a_signal_that_lost_a_day_is_as_long_as_those_that_stand(city, signal):
    raised(city, NEXT, days=2)
    nothing(city, NEXT)

    signal.refresh_from_db()
    assert (signal.last_on, signal.n_days) == (DAY, 1)


def test_a_signal_is_verified_by_a_way_of_the_list(city, signal):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))
    with pytest.raises(actions.NotSaid):
        actions.verify(signal=signal, way="a feeling", by=city.qian, now=city.at(hours=2))

    actions.verify(signal=signal, way="line_list", by=city.qian, now=city.at(hours=2))
    assert signal.passage.handoffs.get(outcome="verified").note == "went through the line list."


def test_a_signal_is_closed_with_a_finding_of_the_list(city, signal):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))
    with pytest.raises(actions.NotSaid):
        actions.close(signal=signal, finding="", by=city.qian, now=city.at(hours=2))


def test_of_two_who_claim_one_is_told(city, signal):
    late = Signal.objects.select_related("passage").get()
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))

    with pytest.raises(AlreadyHandedOver):
        actions.claim(signal=late, by=city.qian, now=city.at(hours=1))


def test_whoever_claims_it_stands_on_it(city, signal):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))

    assert Signal.objects.get().claimed_by == city.qian


# --- the sentence --------------------------------------------------------------------------------


def test_a_signal_says_in_one_sentence_what_is_seen(city, signal):
    assert queries.sentence(signal) == (
        "38 fever clinic visits in 渡口社区, 12.4 expected; fever medicine bought agrees"
    )


def test_it_says_it_in_chinese_to_a_chinese_reader(city, signal):
    with translation.override("zh-hans"):
        assert queries.sentence(signal) == "渡口社区发热门诊就诊 38，预期 12.4；退热药购药一致"


def test_it_says_for_how_many_days(city, signal):
    names = queries.channel_names()
    third = wording.sentence(found(city.community, days=3), area="古城社区", channels=names)
    tenth = wording.sentence(found(city.community, days=10), area="古城社区", channels=names)

    assert "; third day;" in third
    assert "; day 10;" in tenth


def test_a_channel_that_fell_does_not_agree():
    lead = {"channel": "a", "observed": 9, "expected": 2, "score": 5.0, "alarm": True}
    fell = {"channel": "b", "observed": 1, "expected": 2, "score": 2.0, "alarm": False}

    assert wording.agreeing([lead, fell]) == []


def test_a_cluster_says_how_many_areas_it_spans(city, signal):
    one = found(city.community, subject="cluster", areas=("990102001001", "990102002001"))
    names = queries.channel_names()

    assert "in 2 areas around 渡口社区" in wording.sentence(one, area="渡口社区", channels=names)


# --- what it taught ------------------------------------------------------------------------------


def settle(city, signal, finding=""):
    actions.claim(signal=signal, by=city.qian, now=city.at(hours=1))
    if finding:
        return actions.close(signal=signal, finding=finding, by=city.qian, now=city.at(hours=2))
    actions.verify(signal=signal, way="visit", by=city.qian, now=city.at(hours=2))
    return actions.confirm(signal=signal, by=city.qian, now=city.at(hours=3))


def test_precision_is_told_in_counts_per_channel_and_method(city, signal):
    from tongchou.staff.queries import scope_of

    settle(city, signal)
    (wrong,) = raised(city, DAY, found(city.community), found(city.east)).new
    settle(city, wrong, "holiday")
    (other,) = raised(city, DAY, found(city.community), found(city.east), found(city.west)).new
    settle(city, other, "other_cause")

    lines = queries.taught(scope_of(city.qian, now=city.at()))
    fever = next(line for line in lines if line.channel == "fever-clinic")
    assert (fever.confirmed, fever.true_rise, fever.false) == (1, 1, 1)
    assert (fever.right, fever.settled) == (2, 3)


def test_an_open_signal_teaches_nothing_yet(city, signal):
    from tongchou.staff.queries import scope_of

    line = queries.taught(scope_of(city.qian, now=city.at()))[0]
    assert (line.open, line.precision) == (1, None)
