"""What shows that a task is done is kept sealed, read with a trace, and destroyed in time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.lists.making import on_post, set_one, unit_of
from tests.people.test_pictures import jpeg, told
from tongchou.ledger import policy
from tongchou.lists.actions import filing, problems, tasks
from tongchou.lists.errors import Refused
from tongchou.lists.models import File, Task
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
PHOTO = jpeg(exif=told())


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def add(task: Task, city: Any, content: bytes = PHOTO, **more: Any) -> File:
    facts: dict[str, Any] = {"words": "仓库门口", "by": city.zhou, "now": city.at(hours=1)}
    return filing.add(task=task, content=content, **(facts | more))


def over(task: Task, city: Any) -> None:
    now = city.at(hours=2)
    tasks.claim(task=task, by=city.zhou, now=now, note="")
    tasks.submit(task=task, text="完成", by=city.zhou, now=now)
    tasks.accept(task=task, by=city.duty_city, now=now, note="")
    task.refresh_from_db()


def test_a_file_is_sealed_and_freed_of_place_and_device(city: Any, tmp_path: Any) -> None:
    file = add(set_one(city), city)
    (sealed,) = (tmp_path / "tasks").rglob(file.digest)
    assert b"JFIF" not in sealed.read_bytes()
    content = filing.read(file=file, by=city.duty_city, now=city.at(hours=2))
    assert content.startswith(b"\xff\xd8") and b"Nurse" not in content


def test_who_looked_is_written_down(city: Any) -> None:
    file = add(set_one(city), city)
    filing.read(file=file, by=city.duty_city, now=city.at(hours=2))
    event = AuditEvent.objects.get(verb="task.file_read")
    assert (event.actor, event.subject) == ("duty_city", f"task:{file.task_id}")


def test_the_same_file_sent_twice_is_kept_once(city: Any) -> None:
    task = set_one(city)
    assert add(task, city) == add(task, city)


def test_a_signed_sheet_is_taken_as_pdf(city: Any) -> None:
    assert add(set_one(city), city, b"%PDF-1.7 ...").media_type == "application/pdf"


@pytest.mark.parametrize("content", [b"", b"MZ\x90 a program", PHOTO[:200]])
def test_what_is_no_photo_is_refused(city: Any, content: bytes) -> None:
    with pytest.raises(Refused):
        add(set_one(city), city, content)


def test_nothing_is_added_to_a_closed_task(city: Any) -> None:
    task = set_one(city)
    over(task, city)
    with pytest.raises(Refused, match="closed"):
        add(task, city)


def test_files_stay_while_the_task_is_open_and_go_in_time_after(city: Any, tmp_path: Any) -> None:
    task = set_one(city)
    file = add(task, city)
    assert filing.destroy_due(now=city.at(days=900)) == 0
    over(task, city)
    days = policy.in_force(city.at()).retention.personal_data_days
    assert filing.destroy_due(now=city.at(days=days)) == 0
    assert filing.destroy_due(now=city.at(days=days, hours=3)) == 1
    assert list((tmp_path / "tasks").rglob(file.digest)) == []
    with pytest.raises(Refused, match="destroyed"):
        file.refresh_from_db()
        filing.read(file=file, by=city.zhou, now=city.at() + timedelta(days=days + 1))


@pytest.fixture
def pages(client: Client, city: Any, sign_in: Any, time_machine: Any) -> Any:
    time_machine.move_to(city.at(hours=3))

    def open_as(user: Any) -> Client:
        sign_in(client, user)
        return client

    return open_as


def test_the_doer_adds_a_photo_and_the_issuer_looks_at_it(city: Any, pages: Any) -> None:
    task = set_one(city)
    sent = {"file": SimpleUploadedFile("me.jpg", PHOTO), "words": "门口"}
    pages(city.zhou).post(reverse("lists:add_file", args=[task.pk]), sent)
    file = task.files.get()
    shown = pages(city.duty_city).get(reverse("lists:file", args=[task.pk, file.pk]))
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "me.jpg" not in shown.headers["Content-Disposition"]


def test_a_refused_file_is_told_beside_the_form_and_the_words_stay(city: Any, pages: Any) -> None:
    task = set_one(city)
    to = reverse("lists:add_file", args=[task.pk])
    sent = {"file": SimpleUploadedFile("表.pdf", b"no pdf at all"), "words": "入库单"}
    page = pages(city.zhou).post(to, sent, HTTP_ACCEPT_LANGUAGE="zh-hans")
    text = page.content.decode()
    assert page.status_code == 422 and 'value="入库单"' in text
    assert text.index('id="evidence"') < text.index("也可以上传 PDF")
    assert "不超过 12 MB" in text and not File.objects.exists()


def test_somebody_else_neither_adds_nor_looks(city: Any, pages: Any) -> None:
    task = set_one(city)
    file = add(task, city)
    on_post(city, "shen", "市商务局", city.city)
    client = pages(city.shen)
    assert client.get(reverse("lists:file", args=[task.pk, file.pk])).status_code in (403, 404)
    sent = {"file": SimpleUploadedFile("me.jpg", PHOTO)}
    to = reverse("lists:add_file", args=[task.pk])
    assert client.post(to, sent).status_code in (403, 404)


def damaged(file: File, tmp_path: Any) -> None:
    (sealed,) = (tmp_path / "tasks").rglob(file.digest)
    sealed.write_bytes(b"k0.\xff\x00" + sealed.read_bytes()[5:])


def test_a_damaged_file_says_so(city: Any, tmp_path: Any) -> None:
    file = add(set_one(city), city)
    damaged(file, tmp_path)
    with pytest.raises(Refused, match="damaged"):
        filing.read(file=file, by=city.zhou, now=city.at(hours=2))


def test_a_damaged_file_keeps_no_other_under_the_old_key(
    city: Any, tmp_path: Any, settings: Any
) -> None:
    task = set_one(city)
    broken = add(task, city)
    other = add(task, city, b"%PDF-1.7 ...")
    damaged(broken, tmp_path)
    settings.PII_KEYS = {**settings.PII_KEYS, "new": ("aes-256-gcm", b"n" * 32)}
    settings.PII_ACTIVE_KEY = "new"
    unreadable: list[str] = []
    assert filing.FILES.reseal(unreadable) == 1
    assert unreadable == [f"task_file|{broken.digest}"]
    assert filing.read(file=other, by=city.zhou, now=city.at(hours=2)).startswith(b"%PDF")


def test_what_a_file_shows_is_said_without_an_identity(city: Any) -> None:
    with pytest.raises(Refused, match="document or phone"):
        add(set_one(city), city, words="联系人 13912345678")


@pytest.mark.parametrize(
    ("begins", "says"), [(b"%PDF-1.7", "This PDF"), (b"\xff\xd8\xff", "photo")]
)
def test_what_is_too_large_is_called_by_its_name(city: Any, begins: bytes, says: str) -> None:
    with pytest.raises(Refused, match=f"{says}.* larger than 12 MB"):
        add(set_one(city), city, begins.ljust(filing.MAX_BYTES + 1, b"."))


def test_who_took_a_merged_area_over_looks_at_its_files(city: Any, pages: Any) -> None:
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    task = set_one(city, unit=unit_of(city.xi))
    file = add(task, city, by=city.xi)
    to = reverse("lists:file", args=[task.pk, file.pk])
    assert pages(city.duty_east).get(to).status_code == 404
    city.west.ended_on, city.west.successor = city.at().date(), city.east
    city.west.save()
    assert pages(city.duty_east).get(to).status_code == 200


def test_who_took_a_merged_area_over_decides_on_its_problems(city: Any, pages: Any) -> None:
    problem = problems.raise_problem(
        title="货车排队", what="排队 3 公里", area=city.west, found_by="self", by=city.mayor,
        now=city.at(),
    )  # fmt: skip
    city.west.ended_on, city.west.successor = city.at().date(), city.east
    city.west.save()
    page = pages(city.duty_east).get(reverse("lists:problem", args=[problem.pk]))
    assert "decide" in {offer.act.name for offer in page.context["offers"]}


def test_two_who_send_one_photo_at_once_keep_it_whole(
    city: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both threads stand before the move: neither takes the other's half away."""
    wait, moved = threading.Barrier(2, timeout=5), Path.replace

    def together(path: Path, to: Any) -> Path:
        wait.wait()
        return moved(path, to)

    monkeypatch.setattr(Path, "replace", together)
    with ThreadPoolExecutor(2) as both:
        kept = [both.submit(filing.FILES.keep, PHOTO, now=city.at()) for _each in range(2)]
        assert {each.result() for each in kept} == {kept[0].result()}
    assert filing.FILES.read(kept[0].result()) == PHOTO


def test_what_cannot_be_written_down_leaves_no_file(
    city: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise RuntimeError("the trace cannot be written")

    task = set_one(city)
    monkeypatch.setattr(filing.audit, "record", fails)
    with pytest.raises(RuntimeError):
        add(task, city)
    assert not File.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
