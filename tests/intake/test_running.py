"""All of an import or nothing of it, whoever kills it when; and only one worker runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection

from tests.intake.conftest import mers
from tongchou.cases.models import Case
from tongchou.intake import actions
from tongchou.intake.errors import AlreadyTaken, IntakeError
from tongchou.intake.models import Import, Line, Piece, Refusal, State
from tongchou.ledger.models import Handoff, Passage
from tongchou.people.models import Identity, Person
from tongchou.records import audit
from tongchou.records.models import AuditEvent

Receive = Callable[..., Import]
ROW = "SK_1,68,M,2015-05-11,2015-05-19,,,,Alive,,"

# Imports the file it is given, and is killed when the third chunk is to be written.
KILLED = """
import os, sys, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "tongchou.site.testing"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django; django.setup()
from django.utils import timezone
from tongchou.intake import actions
from tongchou.intake.actions.cases import Cases
from tongchou.intake.models import Import
write, seen = Cases.write, []
def dying(self, settled):
    seen.append(1)
    write(self, settled)
    if len(seen) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "die":
    Cases.write = dying
of = Import.objects.select_related("area", "by").get(pk=sys.argv[2])
print(actions.run(of=of, now=timezone.now()).reconciled)
"""


def long_list(n: int) -> str:
    """Open cases, some of which are refused."""
    rows = (f"K_{i},{'x' if i % 100 == 7 else 40},M,,2022-06-20,,,,,," for i in range(n))
    return mers(*rows)


def child(of: Import, how: str) -> subprocess.CompletedProcess[str]:
    """Run an import in a process of its own, on this test's database."""
    root = Path(__file__).resolve().parents[2]
    paths = os.pathsep.join([str(root / "src"), str(root)])
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"]), str(of.pk), how],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def in_store() -> dict[str, int]:
    models = (Case, Person, Passage, Handoff, Line, Refusal)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_nothing_is_half_done_and_again_completes_it(
    receive: Receive, city: Any
) -> None:
    of = receive(long_list(4500))
    connection.close()  # SQLite: the child must find no transaction of ours
    killed = child(of, "die")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert set(in_store().values()) == {0}
    of.refresh_from_db()
    assert of.state == State.RUNNING

    assert actions.reclaim(now=city.at(days=1)) == 1  # its worker is dead, and the file was kept
    of.refresh_from_db()
    assert of.state == State.QUEUED
    done = child(of, "live")
    assert done.stdout.strip() == "4500 read = 4455 stored + 45 refused", done.stderr
    assert in_store() == {
        "Case": 4455,
        "Person": 4455,
        "Passage": 4455,
        "Handoff": 4455,
        "Line": 4455,
        "Refusal": 45,
    }
    assert audit.verify().whole


@pytest.mark.django_db
def test_an_import_runs_once(receive: Receive, city: Any) -> None:
    of = receive(mers(ROW))
    actions.run(of=of, now=city.at(days=1))
    with pytest.raises(AlreadyTaken):
        actions.run(of=of, now=city.at(days=1))


@pytest.mark.django_db
def test_a_stale_worker_finds_it_taken(receive: Receive, city: Any) -> None:
    of = receive(mers(ROW))
    stale = Import.objects.get(pk=of.pk)
    actions.run(of=of, now=city.at(days=1))
    with pytest.raises(AlreadyTaken):
        actions.run(of=stale, now=city.at(days=1))


@pytest.mark.django_db
def test_what_breaks_on_the_way_stores_nothing(
    receive: Receive, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = receive(mers(ROW))

    def broken(*args: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("tongchou.intake.actions.cases.Cases._classify", broken)
    with pytest.raises(RuntimeError):
        actions.run(of=of, now=city.at(days=1))
    of.refresh_from_db()
    assert of.state == State.FAILED and "Nothing was stored" in of.fault
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_a_waiting_import_is_run_by_the_worker(receive: Receive, city: Any) -> None:
    of = receive(mers(ROW))
    actions.queue(of=of, by=city.steward, now=city.at(days=1))
    said = actions.run_waiting(now=city.at(days=1, hours=1))
    assert said == f"import {of.pk}: 1 read = 1 stored + 0 refused"
    assert Case.objects.get().origin == f"import:{of.pk}"


@pytest.mark.django_db
def test_contacts_wait_for_the_list_they_refer_to(receive: Receive, city: Any) -> None:
    cases = receive(mers(ROW, "SK_2,63,F,,2015-05-20,,,,Alive,,"))
    pairs = receive("from,to,exposure\nSK_1,SK_2,Hospital room\n", after=cases)
    actions.queue(of=pairs, by=city.steward, now=city.at(days=1))
    assert actions.run_waiting(now=city.at(days=1)) == ""
    actions.queue(of=cases, by=city.steward, now=city.at(days=1))
    actions.run_waiting(now=city.at(days=1))
    actions.run_waiting(now=city.at(days=1))
    pairs.refresh_from_db()
    assert pairs.reconciled == "1 read = 1 stored + 0 refused"


@pytest.mark.django_db
def test_nothing_waits_and_the_worker_says_nothing(city: Any) -> None:
    assert actions.run_waiting(now=city.at()) == ""


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_fails_and_the_worker_goes_on(
    receive: Receive, city: Any
) -> None:
    of = receive("id,dt_report\n")
    of.profile = "no-such"
    of.save()
    actions.queue(of=of, by=city.steward, now=city.at(days=1))
    assert "there is no profile 'no-such'" in actions.run_waiting(now=city.at(days=1))


@pytest.mark.django_db
def test_progress_is_told_chunk_by_chunk(receive: Receive, city: Any) -> None:
    seen: list[int] = []
    actions.run(of=receive(long_list(2300)), now=city.at(days=1), progress=seen.append)
    assert seen == [1000, 2000, 2300]


@pytest.mark.django_db
def test_the_file_waits_sealed_and_goes_when_it_is_stored(receive: Receive, city: Any) -> None:
    text = "编号,姓名,病例分类,报告日期\nB-1,张三丰,确诊,2022-07-01\n"
    of = receive(text, "template")
    kept = Piece.objects.values_list("body", flat=True).get()
    assert "张三丰" not in str(kept) and actions.whole(of).read().decode() == text
    actions.run(of=of, now=city.at(days=1))
    assert Piece.objects.count() == 0


@pytest.mark.django_db
def test_a_refused_row_is_kept_sealed(bring: Receive) -> None:
    bring("编号,姓名,病例分类,报告日期\nB-1,张三丰,确诊,\n", "template")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM intake_refusal")
        [(stored,)] = cursor.fetchall()
    assert "B-1" not in stored and Identity.objects.count() == 0
    assert "张三丰" in Refusal.objects.get().body


@pytest.mark.django_db
def test_what_was_kept_for_mending_is_destroyed_on_its_day(bring: Receive, city: Any) -> None:
    of = bring("编号,姓名,病例分类,报告日期\nB-1,张三丰,确诊,\n", "template")
    assert actions.destroy_due(now=city.at(days=30)) == 0
    assert actions.destroy_due(now=city.at(days=31)) == 1
    assert Refusal.objects.get().body == ""
    of.refresh_from_db()
    assert of.reconciled == "1 read = 0 stored + 1 refused"
    assert actions.destroy_due(now=city.at(days=32)) == 0


@pytest.mark.django_db
def test_a_withdrawn_import_leaves_no_file(receive: Receive, city: Any) -> None:
    of = receive(mers(ROW))
    actions.withdraw(of=of, by=city.steward, now=city.at(days=1))
    assert (of.state, Piece.objects.count()) == (State.WITHDRAWN, 0)
    with pytest.raises(AlreadyTaken):
        actions.queue(of=of, by=city.steward, now=city.at(days=1))


@pytest.mark.django_db
def test_the_audit_says_what_came_of_a_file(bring: Receive, city: Any) -> None:
    of = bring(mers(ROW))
    told = AuditEvent.objects.get(verb="intake.done")
    assert told.actor == "steward"
    assert json.loads(told.detail)["reconciled"] == "1 read = 1 stored + 0 refused"
    assert json.loads(told.detail)["sha256"] == of.sha256


@pytest.mark.django_db
def test_a_preview_counts_the_same_and_writes_nothing(receive: Receive, city: Any) -> None:
    of = receive(mers(ROW, "SK_2,x,F,,2015-05-20,,,,Alive,,"))
    found = actions.preview(of=of, now=city.at(days=1))
    assert found.reconciled == "2 read = 1 stored + 1 refused"
    assert (in_store()["Case"], AuditEvent.objects.count()) == (0, 1)
    assert ("age", "68") in found.rows[0].values
    assert found.refused[0].line == 3


@pytest.mark.django_db
def test_a_preview_masks_identities(receive: Receive, city: Any) -> None:
    of = receive("编号,姓名,病例分类,报告日期\nB-1,张三丰,确诊,2022-07-01\n", "template")
    found = actions.preview(of=of, now=city.at(days=1))
    assert ("name", "张***") in found.rows[0].values


@pytest.mark.django_db
def test_a_preview_names_the_columns_it_does_not_read(receive: Receive, city: Any) -> None:
    of = receive("id,dt_report,favourite_colour,age_class\nSK_1,2015-05-19,red,60-69\n")
    assert actions.preview(of=of, now=city.at(days=1)).left_out == ["favourite_colour"]


@pytest.mark.django_db
def test_a_preview_of_a_long_list_looks_at_the_first_rows(receive: Receive, city: Any) -> None:
    found = actions.preview(of=receive(long_list(2500)), now=city.at(days=1), limit=1000)
    assert (found.n_read, found.whole) == (1000, False)


@pytest.mark.django_db
def test_the_area_is_named_or_the_only_one_or_made(city: Any) -> None:
    from tongchou.areas.models import Area
    from tongchou.intake.profiles import load

    profile = load("mers-korea")
    given = {"profile": profile, "by": city.steward, "now": city.at()}
    assert actions.ground(code="990102", **given) == city.east
    assert actions.ground(code="", **given) == city.city
    with pytest.raises(IntakeError, match="Did you mean 99010"):
        actions.ground(code="990109", **given)
    Area.objects.create(code="880100", name="邻市", level=2, path="880100/")
    with pytest.raises(IntakeError, match="which area this list is about: 880100"):
        actions.ground(code="", **given)


@pytest.mark.django_db
def test_an_empty_instance_gets_the_area_of_the_list() -> None:
    from django.utils import timezone

    from tongchou.areas.models import Area
    from tongchou.intake.profiles import load

    now = timezone.now()
    made = actions.ground(profile=load("mers-korea"), code="", by=None, now=now, keep=False)
    assert (made.code, Area.objects.count()) == ("KR-MERS-2015", 0)
    actions.ground(profile=load("mers-korea"), code="", by=None, now=now)
    assert Area.objects.get().name_en == "Republic of Korea (MERS 2015)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("worker", "hours", "back"),
    [
        ("elsewhere:1", 0.5, 0),
        ("elsewhere:1", 2, 1),
        ("{here}:{me}", 0.5, 0),
        ("{here}:{me}", 2, 1),
    ],
)
def test_an_import_is_taken_back_when_its_worker_is_dead(
    receive: Receive, city: Any, worker: str, hours: float, back: int
) -> None:
    of = receive(mers(ROW))
    name = worker.format(here=socket.gethostname(), me=os.getpid())
    Import.objects.update(state=State.RUNNING, worker=name, taken_at=city.at())
    assert actions.reclaim(now=city.at(hours=hours)) == back
    of.refresh_from_db()
    assert of.state == (State.QUEUED if back else State.RUNNING)


@pytest.mark.django_db
def test_without_its_file_a_dead_import_is_only_marked(receive: Receive, city: Any) -> None:
    of = receive(mers(ROW), keep=False)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    name = f"{socket.gethostname()}:{dead.pid}"
    Import.objects.update(state=State.RUNNING, worker=name, taken_at=city.at())
    assert actions.run_waiting(now=city.at(hours=0.1)) == "1 taken back"
    of.refresh_from_db()
    assert of.state == State.INTERRUPTED


@pytest.mark.django_db
def test_a_living_process_of_this_machine_is_left_alone(receive: Receive, city: Any) -> None:
    receive(mers(ROW))
    name = f"{socket.gethostname()}:1"  # the first process of a machine never ends
    Import.objects.update(state=State.RUNNING, worker=name, taken_at=city.at())
    assert actions.reclaim(now=city.at(hours=9)) == 0


@pytest.mark.django_db
def test_somebody_quicker_is_told_in_words(
    receive: Receive, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = receive(mers(ROW))

    def beaten(*args: Any) -> None:
        raise IntegrityError("duplicate key")

    monkeypatch.setattr("tongchou.intake.actions.cases.Cases._classify", beaten)
    with pytest.raises(IntakeError, match="Run the import again"):
        actions.run(of=of, now=city.at(days=1))
    assert Case.objects.count() == 0
