"""There is one door to the visits, and it opens from a case only."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.tracing.test_asking import ask, li, lunch, source, store, sun
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.people.models import Person
from tongchou.staff.queries import scope_of
from tongchou.tracing import actions, asking

__all__ = ["li", "source", "store", "sun"]
pytestmark = pytest.mark.django_db
#: What opens the store or asks it, and the only files of the house outside `epi` that may.
KEYHOLES = ("store", "writing", "contacts", "sweep", "co_presence", "exposures")
DOORS = {
    "tracing/asking.py",
    "tracing/companions.py",
    "tracing/actions/second.py",  # the ladder of limits only
    "tracing/crossings.py",
    "tracing/second.py",
    "tracing/visits.py",
    "tracing/actions/visits.py",
}


def test_nothing_else_in_the_house_opens_the_store(root: Path) -> None:
    house = root / "src/tongchou"
    found = {
        str(file.relative_to(house))
        for file in house.rglob("*.py")
        if "epi" not in file.relative_to(house).parts and opens(file)
    }
    on_files = {name for name in found if name.startswith("site/trace_")}  # of the user's own
    assert found - on_files <= DOORS


def opens(file: Path) -> bool:
    wanted = {f"tongchou.epi.trace.{name}" for name in KEYHOLES}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            if named & wanted or node.module in wanted:
                return True
        if isinstance(node, ast.Import) and {alias.name for alias in node.names} & wanted:
            return True
    return False


@pytest.mark.parametrize("who", ["chen", "hua", "peng", "mayor", "steward", "duty_city", "lin"])
def test_other_posts_are_turned_away(
    city: Any, li: Case, sun: Person, source: Any, who: str
) -> None:
    lunch(li, sun, city, source)
    with pytest.raises(asking.Closed, match="Only the tracers"):
        actions.ask_contacts(
            case=li, direction="forward", kinds=[], min_minutes=15,
            by=getattr(city, who), now=city.at(hours=24),
        )  # fmt: skip


def test_a_case_that_is_neither_confirmed_nor_investigated_opens_nothing(
    city: Any, person: Any, source: Any
) -> None:
    case = cases.report(
        person=person(),
        area=city.community,
        facts=Facts(disease="covid19_omicron", reported_on=city.at().date(), found_by="self"),
        by=city.lin,
        now=city.at(),
    )
    with pytest.raises(asking.Closed, match="confirmed case"):
        ask(case, city)


def test_a_discarded_case_closes_the_door_behind_its_questions(
    city: Any, person: Any, sun: Person, source: Any
) -> None:
    case = cases.report(
        person=person(),
        area=city.community,
        facts=Facts(
            disease="covid19_omicron", reported_on=city.at().date(), found_by="self",
            onset_on=city.at().date(),
        ),
        by=city.lin,
        now=city.at(),
    )  # fmt: skip
    cases.verify(case=case, by=city.qian, now=city.at(hours=1))
    assert case.passage is not None
    actions.open_investigation(case.passage, by=city.wu, now=city.at(hours=1))
    lunch(case, sun, city, source)
    query = ask(Case.objects.get(pk=case.pk), city)
    cases.discard(case=case, reason="两次阴性", by=city.qian, now=city.at(hours=25))
    query.case = Case.objects.get(pk=case.pk)
    with pytest.raises(asking.Closed):
        asking.look(query, scope_of(city.wu, now=city.at(hours=26)), now=city.at(hours=26))


def test_the_page_of_an_answer_is_not_shown_to_other_posts(
    city: Any, li: Case, sun: Person, source: Any, client: Any, sign_in: Any
) -> None:
    lunch(li, sun, city, source)
    page = reverse("tracing:answer", args=[ask(li, city).pk])
    sign_in(client, city.wu)
    assert client.get(page).status_code == 200
    sign_in(client, city.chen)
    assert client.get(page).status_code == 403


def test_an_answer_whose_visits_were_destroyed_says_so(
    city: Any, li: Case, sun: Person, source: Any, client: Any, sign_in: Any
) -> None:
    from tongchou.tracing.actions import visits

    lunch(li, sun, city, source)
    query = ask(li, city)
    visits.destroy_due(now=city.at(days=40))
    sign_in(client, city.wu)
    page = client.get(reverse("tracing:answer", args=[query.pk]))
    assert page.status_code == 403
    listed = client.post(reverse("tracing:list_found", args=[query.pk]), {"all_close": "1"})
    assert listed.status_code == 403


def test_the_api_has_no_address_that_reads_a_visit(client: Any) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {(path, method) for path, ways in paths.items() for method in ways} == {
        ("/api/v1/visits", "post"),
        ("/api/v1/counts", "post"),
    }


def test_the_command_line_does_not_read_the_store(
    city: Any, li: Case, sun: Person, source: Any, store: Path, tmp_path: Path
) -> None:
    from tongchou.site.cli import main

    lunch(li, sun, city, source)
    (tmp_path / "cases.csv").write_text(f"person,from,to\n{li.person_id},2022-06-01,2022-08-01\n")
    for verb in ("contacts", "exposures"):
        words = ["--visits", str(store), "--cases", str(tmp_path / "cases.csv")]
        assert main(["trace", verb, *words, "--out", str(tmp_path / "out.csv")]) != 0
    assert not (tmp_path / "out.csv").exists()
