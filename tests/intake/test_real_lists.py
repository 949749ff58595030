"""Real lists of past outbreaks and of other programs; they lie in ../shared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tongchou.cases.models import Case, Contact, Exposure, Transmission
from tongchou.intake import queries
from tongchou.intake.models import FollowUp, Import
from tongchou.ledger.models import Passage

pytestmark = pytest.mark.django_db

Bring = Callable[..., Import]


@pytest.fixture
def from_file(bring: Bring, shared: Path, city: Any) -> Bring:
    def read(path: str, profile: str) -> Import:
        name = shared / "data" / path
        return bring(name.read_bytes(), profile, name=name.name, now=city.at(days=1))

    return read


def test_mers_korea_is_stored_whole(from_file: Bring) -> None:
    of = from_file("linelists/mers_korea_2015.linelist.csv", "mers-korea")
    assert of.reconciled == "162 read = 162 stored + 0 refused"
    pairs = from_file("linelists/mers_korea_2015.contacts.csv", "mers-korea")
    assert pairs.reconciled == "98 read = 98 stored + 0 refused"
    # 95 people were infected by somebody on the list, one of them by three candidates, one by two.
    assert (Contact.objects.count(), Exposure.objects.count()) == (95, 98)
    assert max(Transmission.objects.values_list("probability", flat=True)) == 0.5
    assert Case.objects.filter(outcome="died").count() == 19
    assert Passage.objects.count() == 0


def test_mers_korea_again_changes_nothing(from_file: Bring) -> None:
    for _time in range(2):
        of = from_file("linelists/mers_korea_2015.linelist.csv", "mers-korea")
        pairs = from_file("linelists/mers_korea_2015.contacts.csv", "mers-korea")
    assert of.reconciled == "162 read = 162 stored + 0 refused"
    assert pairs.reconciled == "98 read = 98 stored + 0 refused"
    assert (of.n_new, pairs.n_new) == (0, 0)
    assert Exposure.objects.count() == 98


def test_raw_ebola_keeps_every_fault_as_a_remark(from_file: Bring) -> None:
    of = from_file("linelists/ebola_sim.linelist.csv", "ebola-sim")
    assert of.reconciled == "5888 read = 5888 stored + 0 refused"
    late = of.remarks.filter(code="order", problem__field="outcome_on").count()
    assert late == 200  # outcomes before admission, counted in the file
    assert not Case.objects.filter(hospital__contains="Hopital").exists()


def test_clean_ebola_refuses_the_sources_that_are_not_on_the_list(from_file: Bring) -> None:
    from_file("linelists/ebola_sim_clean.linelist.csv", "ebola-sim-clean")
    of = from_file("linelists/ebola_sim_clean.contacts.csv", "ebola-sim-clean")
    # 1657 pairs name an unknown source and 59 an unknown case, 32 of them both
    assert of.reconciled == f"3800 read = 2116 stored + {1657 + 59 - 32} refused"


def test_godata_is_read_table_by_table(from_file: Bring) -> None:
    said = [
        from_file(f"peer_formats/godata/{name}_clean.csv", "godata").reconciled
        for name in ("cases", "contacts", "relationships", "followups")
    ]
    assert said == [
        "56 read = 56 stored + 0 refused",
        "66 read = 66 stored + 0 refused",
        "100 read = 86 stored + 14 refused",  # 14 of its sources are events
        "437 read = 437 stored + 0 refused",
    ]
    assert FollowUp.objects.count() == 437


SORMAS = {
    "case_import_test_different_infrastructure": ("sormas-case", 1, 1),
    "import_test_comment_line_listing": ("sormas-case", 5, 0),
    "import_test_comment_success": ("sormas-case", 5, 0),
    "import_test_errors": ("sormas-case", 5, 5),
    "import_test_line_listing": ("sormas-case", 5, 0),
    "import_test_success": ("sormas-case", 5, 0),
    "case_contact_import_test_success": ("sormas-contact", 5, 0),
    "case_contact_import_test_comment_success": ("sormas-contact", 5, 0),
    "case_contact_import_test_similarities": ("sormas-contact", 1, 0),
    "contact_import_test": ("sormas-contact", 3, 3),
    "contact_import_test_comment": ("sormas-contact", 3, 3),
}


@pytest.mark.parametrize("name", SORMAS)
def test_sormas_is_read_with_its_comments_and_dates(from_file: Bring, name: str) -> None:
    profile, n_read, n_refused = SORMAS[name]
    of = from_file(f"peer_formats/sormas/sormas_{name}.csv", profile)
    assert (of.n_read, of.n_refused) == (n_read, n_refused)
    assert all(row.reasons for row in queries.refused(of))
