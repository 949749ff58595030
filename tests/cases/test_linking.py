"""Who may have infected whom is a distribution, and somebody unknown always has a share."""

from datetime import date

import pytest

from tongchou.cases import linking
from tongchou.cases.errors import NotProbabilities
from tongchou.cases.models import Contact, Exposure, Transmission
from tongchou.epi.delays import Gamma, discretise

INTERVAL = discretise(Gamma(mean=3, sd=1.5))


@pytest.fixture
def met(city):
    """Write down that `person` met `case`."""

    def meet(person, case=None, through=None):
        contact = Contact.objects.create(
            number=f"K-{Contact.objects.count()}",
            person=person,
            tier="close",
            area=city.community,
            area_path=city.community.path,
            listed_on=date(2022, 7, 1),
            written_at=city.at(),
        )
        Exposure.objects.create(contact=contact, case=case, through=through, way="meal")
        return contact

    return meet


def test_the_rows_of_one_case_sum_to_one(reported, li):
    infectee = reported(onset_on=date(2022, 7, 1))
    rows = linking.weigh(infectee, [li], INTERVAL)
    assert sum(p for _case, p in rows) == pytest.approx(1)


def test_the_likelier_interval_gets_the_larger_share(reported, li):
    other = reported(onset_on=date(2022, 6, 22))
    infectee = reported(onset_on=date(2022, 7, 1))
    rows = dict(linking.weigh(infectee, [other, li], INTERVAL))
    assert rows[li] > rows[other]


def test_nobody_infects_backwards_in_time(reported, li):
    infectee = reported(onset_on=date(2022, 6, 20))
    assert linking.weigh(infectee, [li], INTERVAL) == [(None, 1.0)]


def test_without_candidates_the_source_is_unknown(li):
    assert linking.weigh(li, [], INTERVAL) == [(None, 1.0)]


def test_an_unknown_source_keeps_a_fifth_beside_the_best_candidate(reported, li):
    best = int(INTERVAL.pmf.argmax())
    infectee = reported(onset_on=date.fromordinal(li.onset_on.toordinal() + best))
    assert linking.weigh(infectee, [li], INTERVAL)[-1] == (None, pytest.approx(0.2))


def test_who_listed_me_may_have_infected_me(reported, li, met):
    infectee = reported(onset_on=date(2022, 7, 1))
    met(infectee.person, li)
    assert linking.candidates(infectee) == [li]


def test_whom_i_listed_may_have_infected_me_too(reported, li, met):
    infectee = reported(onset_on=date(2022, 7, 1))
    met(li.person, infectee)
    assert linking.candidates(infectee) == [li]


def test_the_close_contact_between_may_have_infected_me(reported, li, met):
    infectee, index = reported(), reported()
    between = met(li.person, index)
    met(infectee.person, through=between)
    assert li in linking.candidates(infectee)


def test_whoever_i_did_not_meet_is_no_candidate(reported, li):
    assert linking.candidates(reported()) == []


def test_a_case_of_another_disease_infected_nobody(reported, li, met):
    infectee = reported(disease="influenza")
    met(infectee.person, li)
    assert linking.candidates(infectee) == []


def test_the_estimate_is_stored_with_its_method(city, reported, li, met):
    infectee = reported(onset_on=date(2022, 7, 1))
    met(infectee.person, li)
    linking.estimate(infectee=infectee, by=city.wu, now=city.at(hours=1))
    rows = Transmission.objects.filter(infectee=infectee)
    assert {row.infector for row in rows} == {li, None}
    assert {row.method for row in rows} == {linking.BY_SERIAL_INTERVAL}


def test_a_new_estimate_takes_the_place_of_the_old(city, li):
    linking.estimate(infectee=li, by=city.wu, now=city.at(hours=1))
    linking.estimate(infectee=li, by=city.wu, now=city.at(hours=2))
    assert Transmission.objects.get(infectee=li).at == city.at(hours=2)


def test_a_disease_that_the_playbook_does_not_know_cannot_be_estimated(city, reported):
    with pytest.raises(NotProbabilities):
        linking.estimate(infectee=reported(disease="measles"), by=city.wu, now=city.at())


def test_what_another_method_said_stays(city, reported, li):
    infectee = reported()
    linking.set_transmissions(
        infectee=infectee, rows=[(li, 1.0)], method="reported", by=None, now=city.at()
    )
    linking.estimate(infectee=infectee, by=city.wu, now=city.at(hours=1))
    assert infectee.sources.filter(method="reported").count() == 1


@pytest.mark.parametrize("weights", [(0.7, 0.4), (1.2,), (-0.1,)])
def test_what_is_no_probability_is_refused(city, reported, li, weights):
    infectee, others = reported(), [li, reported()]
    rows = list(zip(others, weights, strict=False))
    with pytest.raises(NotProbabilities):
        linking.set_transmissions(
            infectee=infectee, rows=rows, method="m", by=city.wu, now=city.at()
        )


def test_nobody_infects_themselves(city, li):
    with pytest.raises(NotProbabilities):
        linking.set_transmissions(
            infectee=li, rows=[(li, 0.5)], method="m", by=city.wu, now=city.at()
        )
