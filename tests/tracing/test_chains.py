"""The chain view: every candidate with its probability, and who must be asked next."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.journeys.mers import line_list, pairs
from tongchou.cases import actions as cases
from tongchou.cases import linking
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact, Exposure, Transmission
from tongchou.people.models import Person
from tongchou.records.models import AuditEvent
from tongchou.staff.queries import scope_of
from tongchou.tracing import actions, chains
from tongchou.tracing.chains import Wanted
from tongchou.tracing.errors import TracingError
from tongchou.tracing.models import Investigation, SourceKind

pytestmark = pytest.mark.django_db
OMICRON = "covid19_omicron"
DAY = date(2022, 6, 20)


@pytest.fixture
def ill(city: Any, person: Any) -> Any:
    """A confirmed case whose onset was so many days after the first of the tests."""

    def make(day: int | None, **facts: Any) -> Case:
        on = DAY + timedelta(days=day or 0)
        area = facts.pop("area", city.community)
        defaults: dict[str, Any] = {
            "disease": OMICRON,
            "reported_on": on + timedelta(days=2),
            "onset_on": None if day is None else on,
            "classification": "confirmed",
        }
        return cases.report(
            person=facts.pop("person", None) or person(),
            area=area,
            facts=Facts(**(defaults | facts)),
            by=city.qian,
            now=city.at(),
        )

    return make


def met(city: Any, case: Case, other: Case | Person, *, through: Any = None, **facts: Any) -> Any:
    """`other` stands on the list of `case`: 60 minutes on a day that fits both, unless told."""
    somebody = other.person if isinstance(other, Case) else other
    contact = Contact.objects.create(
        number=f"K-{Contact.objects.count():05}",
        person=somebody,
        tier="close",
        area=city.community,
        area_path=city.community.path,
        became_case=facts.pop("became", None),
        listed_on=DAY,
        written_at=city.at(),
    )
    defaults: dict[str, Any] = {"way": "meal", "minutes": 60}
    of = {"through": through} if through else {"case": case}
    Exposure.objects.create(contact=contact, **(defaults | of | facts))
    return contact


def reckoned(city: Any, *, user: Any = None, **wanted: Any) -> Any:
    now = city.at()
    scope = scope_of(user or city.wu, now=now)
    law, _known = chains.law_of(OMICRON, now=now)
    return chains.of(chains.chosen(scope, Wanted(OMICRON, **wanted), now=now), law)


def row_of(found: Any, case: Case) -> Any:
    (at,) = [i for i, one in enumerate(found.cases) if one.pk == case.pk]
    return found.rows([at])[0]


def sources(found: Any, case: Case) -> dict[int, float]:
    return {one.case.pk: one.probability for one in row_of(found, case).candidates}


# --- who can be a candidate --------------------------------------------------------------------


def test_the_candidates_and_the_outside_make_one(city: Any, ill: Any) -> None:
    first, second, late = ill(0), ill(1), ill(4)
    met(city, first, late)
    met(city, second, late)
    row = row_of(reckoned(city), late)
    assert [one.case.pk for one in row.candidates] == [second.pk, first.pk]
    assert sum(one.probability for one in row.candidates) + row.outside == pytest.approx(1)


def test_who_listed_whom_does_not_decide_the_direction(city: Any, ill: Any) -> None:
    early, late = ill(0), ill(4)
    met(city, late, early)
    found = reckoned(city)
    assert set(sources(found, late)) == {early.pk}
    assert sources(found, early) == {}


def test_who_stood_between_may_be_the_source(city: Any, ill: Any) -> None:
    between, late = ill(0), ill(4)
    contact = met(city, ill(0, area=city.area("990103001001")), between)
    met(city, between, late, through=contact)
    assert set(sources(reckoned(city), late)) == {between.pk}


def test_a_contact_under_a_merged_record_is_the_same_person(
    city: Any, ill: Any, person: Any
) -> None:
    first, late = ill(0), ill(4)
    double = person(merged_into=late.person)
    met(city, first, double)
    assert set(sources(reckoned(city), late)) == {first.pk}


def test_who_was_together_longer_is_likelier(city: Any, ill: Any) -> None:
    long, short, late = ill(0), ill(0), ill(4)
    met(city, long, late, minutes=600)
    met(city, short, late, minutes=30)
    found = sources(reckoned(city), late)
    assert found[long.pk] > 5 * found[short.pk]


def test_protection_counts(city: Any, ill: Any) -> None:
    bare, masked, late = ill(0), ill(0), ill(4)
    met(city, bare, late)
    met(city, masked, late, protected=True)
    found = sources(reckoned(city), late)
    assert found[bare.pk] > 5 * found[masked.pk]


def test_who_first_met_after_the_illness_is_no_source(city: Any, ill: Any) -> None:
    first, late = ill(0), ill(4)
    met(city, first, late, first_on=DAY + timedelta(days=6), last_on=DAY + timedelta(days=6))
    found = reckoned(city)
    row = row_of(found, late)
    assert (row.candidates, row.outside, row.n_met, found.n_ruled_out) == ([], 1.0, 1, 1)


def test_who_last_met_before_the_infectious_days_is_no_source(city: Any, ill: Any) -> None:
    first, late = ill(10), ill(14)
    met(city, first, late, first_on=DAY, last_on=DAY)
    assert sources(reckoned(city), late) == {}


def test_a_discarded_case_infected_nobody(city: Any, ill: Any) -> None:
    first, late = ill(0), ill(4)
    met(city, first, late)
    Case.objects.filter(pk=first.pk).update(classification="discarded")
    found = reckoned(city)
    assert len(found) == 1
    assert (found.n_beyond, row_of(found, late).outside) == (0, 1.0)


def test_a_case_without_onset_is_dated_by_its_report(city: Any, ill: Any) -> None:
    ill(0)
    silent = ill(None, reported_on=DAY + timedelta(days=9))
    row = row_of(reckoned(city), silent)
    assert (row.dated, row.day) == (True, DAY + timedelta(days=7))  # the others took two days


# --- what is cut off, and what is not seen -----------------------------------------------------


def test_a_source_that_the_selection_leaves_out_is_told_of(city: Any, ill: Any) -> None:
    old = ill(0)
    late = ill(4)
    met(city, old, late)
    found = reckoned(city, days=8)  # reported on 22 and 26 June, today is 1 July
    assert [case.pk for case in found.cases] == [late.pk]
    assert row_of(found, late).n_beyond == 1


def test_a_district_sees_its_own_cases_only(city: Any, ill: Any) -> None:
    here, there = ill(0), ill(4, area=city.area("990103001001"))
    met(city, here, there)
    found = reckoned(city, user=city.duty_east)
    assert [case.pk for case in found.cases] == [here.pk]


def test_nothing_is_reckoned_of_no_cases(city: Any) -> None:
    assert reckoned(city) is None


# --- the work list -----------------------------------------------------------------------------


def test_first_comes_whom_no_investigation_explains(city: Any, ill: Any) -> None:
    imported, open_ = ill(5), ill(0)
    passage = cases.verify(case=imported, by=city.qian, now=city.at()).passage
    actions.open_investigation(passage, by=city.qian, now=city.at())
    Investigation.objects.update(source_kind=SourceKind.IMPORTED)
    found = reckoned(city)
    first, last = found.rows(found.unexplained())
    assert (first.case.pk, last.case.pk) == (open_.pk, imported.pk)
    assert (first.explained, last.explained) == (False, True)


def test_who_met_several_unexplained_cases_and_is_none_is_named(
    city: Any, ill: Any, person: Any
) -> None:
    one, other, stranger = ill(0), ill(1), person()
    met(city, one, stranger)
    met(city, other, stranger)
    met(city, one, person())
    (suspect,) = reckoned(city).suspects()
    assert (suspect.key, suspect.n_met, suspect.unexplained) == (stranger.key, 2, 2.0)


def test_few_links_say_nothing_of_offspring(city: Any, ill: Any) -> None:
    first = ill(0)
    for _ in range(3):
        met(city, first, ill(4))
    found = reckoned(city)
    assert (found.n_linked, found.n_unlinked, found.estimable) == (3, 1, False)


def test_who_infected_most_comes_first(city: Any, ill: Any) -> None:
    first, other = ill(0), ill(0)
    for _ in range(6):
        met(city, first, ill(4))
    met(city, other, ill(4))
    found = reckoned(city)
    assert found.cases[found.spreaders()[0]].pk == first.pk
    assert len(found.clusters[0]) == 7


def test_around_a_case_stands_its_cluster(city: Any, ill: Any) -> None:
    first, late, alone = ill(0), ill(4), ill(2)
    met(city, first, late)
    found = reckoned(city)
    near = {found.cases[i].pk for i in found.around(late.number)}
    assert near == {first.pk, late.pk}
    assert alone.pk not in near


# --- storing -----------------------------------------------------------------------------------


def store(city: Any, **wanted: Any) -> Any:
    found = reckoned(city, **wanted)
    return actions.store_chains(
        chains=found, wanted=Wanted(OMICRON, **wanted), by=city.wu, now=city.at()
    )


def test_what_is_stored_is_what_was_shown(city: Any, ill: Any) -> None:
    first, late = ill(0), ill(4)
    met(city, first, late)
    shown = row_of(reckoned(city), late)
    done = store(city)
    rows = {row.infector_id: row.probability for row in late.sources.all()}
    assert rows == {first.pk: shown.candidates[0].probability, None: shown.outside}
    assert (done.n_cases, done.n_rows) == (2, 3)


def test_storing_is_audited_with_its_counts(city: Any, ill: Any) -> None:
    met(city, ill(0), ill(4))
    store(city)
    event = AuditEvent.objects.get(verb="chains.store")
    assert '"cases": 2' in event.detail
    assert AuditEvent.objects.filter(verb="case.transmissions").count() == 2


def test_storing_replaces_what_was_reckoned_and_keeps_what_was_named(city: Any, ill: Any) -> None:
    first, late = ill(0), ill(4)
    met(city, first, late)
    linking.estimate(infectee=late, by=city.wu, now=city.at())
    Transmission.objects.create(
        infector=first, infectee=late, probability=0.5, method="named in a list", at=city.at()
    )
    store(city)
    store(city)
    methods = sorted(late.sources.values_list("method", flat=True))
    assert methods == [linking.BY_CHAINS, linking.BY_CHAINS, "named in a list"]


def test_a_case_whose_candidates_are_cut_off_keeps_what_it_has(city: Any, ill: Any) -> None:
    met(city, ill(0), ill(4))
    with pytest.raises(TracingError, match="Widen"):
        store(city, days=8)
    assert not Transmission.objects.exists()


def test_a_post_that_does_not_trace_stores_nothing(city: Any, ill: Any) -> None:
    met(city, ill(0), ill(4))
    with pytest.raises(TracingError, match="Only the tracers"):
        actions.store_chains(
            chains=reckoned(city), wanted=Wanted(OMICRON), by=city.chen, now=city.at()
        )


# --- the pages ---------------------------------------------------------------------------------


def test_the_page_shows_the_set_and_the_outside(
    city: Any, ill: Any, client: Any, sign_in: Any
) -> None:
    first, late = ill(0), ill(4)
    met(city, first, late)
    sign_in(client, city.wu)
    html = client.get(reverse("tracing:chains"), {"days": 0}).content.decode()
    assert "Dates alone do not name infectors." in html
    assert html.count(first.number) > 2
    assert "met no known case" not in html.split('id="all"')[0].split(late.number)[0]


def test_the_page_names_whom_to_test(
    city: Any, ill: Any, person: Any, client: Any, sign_in: Any
) -> None:
    stranger = person()
    contacts = [met(city, ill(day), stranger) for day in (0, 1)]
    sign_in(client, city.wu)
    html = client.get(reverse("tracing:chains"), {"days": 0}).content.decode()
    assert reverse("tracing:contact", args=[contacts[0].pk]) in html


def test_the_page_stores_and_the_case_page_shows_it(
    city: Any, ill: Any, client: Any, sign_in: Any
) -> None:
    first, late = ill(0), ill(4)
    met(city, first, late)
    sign_in(client, city.wu)
    client.post(reverse("tracing:store_chains"), {"disease": OMICRON, "days": 0})
    html = client.get(reverse("cases:chains", args=[late.pk])).content.decode()
    assert first.number in html
    assert "all cases together" in html
    assert reverse("tracing:chains_of", args=[late.pk]) in html


def test_a_case_leads_to_its_place_in_the_chains(
    city: Any, ill: Any, client: Any, sign_in: Any
) -> None:
    late = ill(4)
    sign_in(client, city.wu)
    page = client.get(reverse("tracing:chains_of", args=[late.pk]), follow=True)
    assert f"Around {late.number}" in page.content.decode()


def test_a_case_elsewhere_leads_nowhere(city: Any, ill: Any, client: Any, sign_in: Any) -> None:
    late = ill(4, area=city.area("990103001001"))
    sign_in(client, city.duty_east)
    assert client.get(reverse("tracing:chains_of", args=[late.pk])).status_code == 404


def test_an_empty_city_has_no_chains(city: Any, client: Any, sign_in: Any) -> None:
    sign_in(client, city.wu)
    assert "No cases in this selection" in client.get(reverse("tracing:chains")).content.decode()


# --- a real outbreak ---------------------------------------------------------------------------


@pytest.fixture
def korea(city: Any, shared: Path) -> dict[str, Case]:
    """The 162 cases and 98 pairs of 2015, as an import would leave them."""
    made = {}
    for row in line_list(shared).values():
        person = Person.objects.create(
            area=city.community, written_at=city.at(), destroy_on=date(2032, 1, 1)
        )
        made[row.id] = Case.objects.create(
            number=row.id, person=person, disease="mers", area=city.community,
            area_path=city.community.path, classification="confirmed", onset_on=row.onset,
            reported_on=row.reported, written_at=city.at(),
        )  # fmt: skip
    for source, several in pairs(shared).items():
        for target, _exposure in several:
            met(city, made[source], made[target], became=made[target], minutes=None)
    return made


def test_mers_in_korea_had_three_large_spreaders(city: Any, korea: dict[str, Case]) -> None:
    now = city.at()
    law, known = chains.law_of("mers", now=now)
    found = chains.of(chains.chosen(scope_of(city.wu, now=now), Wanted("mers"), now=now), law)
    assert known
    assert (len(found), len(found.met.meetings)) == (162, 98)
    most = [found.cases[i].number for i in found.spreaders(3)]
    assert most == ["SK_14", "SK_1", "SK_16"]
    assert found.estimable
    assert 0.4 < found.found.offspring.mean < 0.605  # recorded, less what the dates leave open
    assert found.found.offspring.k_high < 0.1
