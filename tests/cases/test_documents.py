"""Files of a case are sealed, checked by what is in them, read on record and destroyed in time."""

from datetime import date
from pathlib import Path

import pytest

from tongchou.cases import documents
from tongchou.cases.errors import BadDocument
from tongchou.cases.models import Correction, Document
from tongchou.people.models import Person
from tongchou.records.models import AuditEvent

PDF = b"%PDF-1.7 a laboratory report"


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path
    return tmp_path


@pytest.fixture
def report(city, li):
    return documents.add(case=li, kind="laboratory", content=PDF, by=city.lin, now=city.at())


def files(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_is_kept_with_its_case(li, report):
    assert (report.case, report.media_type, report.size) == (li, "application/pdf", len(PDF))


def test_what_lies_in_the_folder_cannot_be_read(data, report):
    (path,) = files(data)
    assert b"laboratory" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_document_reads_as_it_was_added(city, report):
    assert documents.read(document=report, by=city.wu, now=city.at(hours=1)) == PDF


def test_reading_a_document_leaves_an_audit_row(city, li, report):
    documents.read(document=report, by=city.wu, now=city.at(hours=1))
    event = AuditEvent.objects.get(verb="document.read")
    assert (event.actor, event.subject) == ("wu", f"case:{li.pk}")


def test_the_same_file_is_kept_once_per_case(city, li, report):
    with pytest.raises(BadDocument):
        documents.add(case=li, kind="other", content=PDF, by=city.lin, now=city.at())


def test_two_cases_share_the_file_of_one_report(city, reported, data, report):
    documents.add(case=reported(), kind="laboratory", content=PDF, by=city.lin, now=city.at())
    assert len(files(data)) == 1


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04"])
def test_what_is_no_pdf_and_no_picture_is_refused(city, li, content):
    with pytest.raises(BadDocument):
        documents.add(case=li, kind="other", content=content, by=city.lin, now=city.at())
    assert not Document.objects.exists()


def test_too_large_a_file_is_refused(city, li, monkeypatch):
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    with pytest.raises(BadDocument):
        documents.add(case=li, kind="other", content=PDF, by=city.lin, now=city.at())


def test_the_name_of_a_download_names_nobody(li, report):
    assert documents.file_name(report) == f"{li.number}-laboratory-{report.pk}.pdf"


def test_a_document_goes_when_the_data_of_its_person_go(city, data, li, report):
    due_today(li)
    assert documents.destroy_due(now=city.at(hours=2)) == 1
    assert files(data) == []
    with pytest.raises(BadDocument):
        documents.read(document=fresh(report), by=city.wu, now=city.at())


def test_a_file_that_another_case_needs_stays(city, reported, data, li, report):
    other = documents.add(
        case=reported(), kind="laboratory", content=PDF, by=city.lin, now=city.at()
    )
    due_today(li)
    documents.destroy_due(now=city.at())
    assert documents.read(document=other, by=city.wu, now=city.at()) == PDF


def test_what_is_not_due_stays(city, report):
    assert documents.destroy_due(now=city.at()) == 0


def test_old_values_of_corrected_facts_go_too(city, li):
    Correction.objects.create(case=li, field="occupation", before="cook", at=city.at())
    due_today(li)
    documents.destroy_due(now=city.at())
    assert not Correction.objects.exists()


def test_a_missing_file_says_what_to_do(city, data, report):
    for path in files(data):
        path.unlink()
    with pytest.raises(BadDocument, match="backup"):
        documents.read(document=report, by=city.wu, now=city.at())


def test_files_are_sealed_again_under_a_new_key(city, settings, report):
    settings.PII_KEYS = settings.PII_KEYS | {"new": ("sm4-gcm", b"0123456789abcdef")}
    settings.PII_ACTIVE_KEY = "new"
    assert (documents.FILES.reseal(), documents.FILES.reseal()) == (1, 0)
    assert documents.read(document=report, by=city.wu, now=city.at()) == PDF


def due_today(case):
    Person.objects.filter(pk=case.person_id).update(destroy_on=date(2022, 7, 1))


def fresh(document):
    return Document.objects.select_related("case").get(pk=document.pk)
