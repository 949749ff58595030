"""What shows that a task is done is kept sealed, read with a trace, and destroyed in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.lists.making import on_post, set_one
from tests.people.test_pictures import jpeg, told
from tongchou.ledger import policy
from tongchou.lists.actions import filing, tasks
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


def test_somebody_else_neither_adds_nor_looks(city: Any, pages: Any) -> None:
    task = set_one(city)
    file = add(task, city)
    on_post(city, "shen", "市商务局", city.city)
    client = pages(city.shen)
    assert client.get(reverse("lists:file", args=[task.pk, file.pk])).status_code in (403, 404)
    sent = {"file": SimpleUploadedFile("me.jpg", PHOTO)}
    to = reverse("lists:add_file", args=[task.pk])
    assert client.post(to, sent).status_code in (403, 404)
