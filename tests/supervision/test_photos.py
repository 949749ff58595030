"""Photos are kept sealed, once, for as long as is set, and every look at one is written down."""

from datetime import timedelta

import pytest

from tests.people.test_pictures import jpeg, told
from tests.supervision import supervised as s
from tongchou.records.models import AuditEvent
from tongchou.supervision.actions import photos, plans
from tongchou.supervision.errors import BadPhoto
from tongchou.supervision.models import Photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def inspection(city):
    s.team(city)
    return s.planned(city)


def add(inspection, city, content=None, **more):
    return photos.add(
        inspection=inspection, item="exits", content=content or PHOTO, by=city.du,
        now=city.at(hours=1), **more,
    )  # fmt: skip


PHOTO = jpeg(exif=told())


def test_a_photo_is_sealed_in_the_data_folder(city, inspection, tmp_path):
    photo = add(inspection, city)

    (file,) = (tmp_path / "photos").rglob(photo.digest)
    assert b"JFIF" not in file.read_bytes()
    content = photos.read(photo=photo, by=city.du, now=city.at(hours=2))
    assert content.startswith(b"\xff\xd8") and b"Nurse" not in content


def test_who_looked_is_written_down(city, inspection):
    photos.read(photo=add(inspection, city), by=city.hua, now=city.at(hours=2))

    event = AuditEvent.objects.get(verb="photo.read")
    assert (event.actor, event.subject) == ("hua", f"inspection:{inspection.pk}")


def test_the_same_photo_sent_twice_is_kept_once(city, inspection):
    assert add(inspection, city) == add(inspection, city)
    assert Photo.objects.count() == 1


def test_enough_is_enough(city, inspection, monkeypatch):
    monkeypatch.setattr(photos, "MOST", 1)
    add(inspection, city)

    with pytest.raises(BadPhoto, match="enough"):
        add(inspection, city, jpeg())


def test_nothing_is_added_to_an_inspection_that_is_over(city, inspection):
    plans.cancel(inspection=inspection, reason="不需要了", by=city.du, now=city.at(hours=1))

    with pytest.raises(BadPhoto, match="over"):
        add(inspection, city)
    assert add(inspection, city, when=Photo.When.AFTER)


def test_a_photo_goes_on_its_day_and_not_before(city, inspection, tmp_path):
    photo = add(inspection, city)

    assert photo.destroy_on == (city.at() + timedelta(days=180)).date()
    assert photos.destroy_due(now=city.at(days=179)) == 0
    assert photos.destroy_due(now=city.at(days=180)) == 1
    assert photos.destroy_due(now=city.at(days=181)) == 0
    assert not list((tmp_path / "photos").rglob(photo.digest))
    photo.refresh_from_db()
    with pytest.raises(BadPhoto, match="destroyed"):
        photos.read(photo=photo, by=city.du, now=city.at(days=181))


def test_a_file_that_another_photo_still_needs_stays(city, inspection, tmp_path):
    first = add(inspection, city)
    add(inspection, city, when=Photo.When.AFTER)
    Photo.objects.filter(pk=first.pk).update(destroy_on=city.at().date())

    photos.destroy_due(now=city.at(days=1))
    assert list((tmp_path / "photos").rglob(first.digest))


def test_photos_follow_a_new_key(city, inspection, settings):
    photo = add(inspection, city)
    settings.PII_KEYS = {**settings.PII_KEYS, "k9": ("aes-256-gcm", b"9" * 32)}
    settings.PII_ACTIVE_KEY = "k9"

    assert (photos.FILES.reseal(), photos.FILES.reseal()) == (1, 0)
    assert photos.read(photo=photo, by=city.du, now=city.at(hours=2))


def test_a_photo_that_is_missing_says_so(city, inspection, tmp_path):
    photo = add(inspection, city)
    next((tmp_path / "photos").rglob(photo.digest)).unlink()

    assert photos.FILES.reseal() == 0
    with pytest.raises(BadPhoto, match="backup"):
        photos.read(photo=photo, by=city.du, now=city.at(hours=2))
