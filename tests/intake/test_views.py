"""The pages of an import, as the data steward walks them."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.intake.conftest import mers
from tongchou.cases.models import Case
from tongchou.intake import actions
from tongchou.intake.models import Import, State
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db

ROW = "SK_1,68,M,2015-05-11,2015-05-19,,,,Alive,,"
BAD = "SK_2,x,M,,2015-05-19,,,,Alive,,"


@pytest.fixture(autouse=True)
def that_day(city: Any) -> Any:
    with time_machine.travel(city.at(days=1), tick=False):
        yield


@pytest.fixture
def steward(city: Any, client: Client, sign_in: Callable[..., None]) -> Client:
    sign_in(client, city.steward)
    return client


def file(text: str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def hand_in(client: Client, text: str, **more: Any) -> Any:
    data = {"file": file(text), "area": "990100", **more}
    return client.post(reverse("intake:upload"), data)


def page(client: Client, of: Import) -> str:
    return str(client.get(reverse("intake:one", args=[of.pk])).content.decode())


def test_a_list_is_handed_in_looked_through_and_stored(steward: Client, city: Any) -> None:
    answer = hand_in(steward, mers(ROW, BAD))
    of = Import.objects.get()
    assert answer.url == reverse("intake:one", args=[of.pk])
    shown = page(steward, of)
    assert "2 read = 1 stored + 1 refused" in shown and "“x” is not a number." in shown
    assert Case.objects.count() == 0

    steward.post(reverse("intake:queue", args=[of.pk]))
    assert "Waiting for the worker" in page(steward, of)
    actions.run_waiting(now=city.at(days=1))
    assert "2 read = 1 stored + 1 refused" in page(steward, of)
    assert Case.objects.get().number == "SK_1"


def test_the_profile_is_found_out_by_the_headings(steward: Client) -> None:
    hand_in(steward, mers(ROW))
    assert Import.objects.get().profile == "mers-korea"


def test_contacts_come_along_and_wait_for_the_list(steward: Client) -> None:
    pairs = file("from,to,exposure\nSK_1,SK_2,Hospital room\n", "pairs.csv")
    hand_in(steward, mers(ROW, "SK_2,63,F,,2015-05-20,,,,Alive,,"), beside=pairs)
    cases, contacts = Import.objects.order_by("id")
    assert contacts.after == cases and contacts.kind == "exposure"
    assert "1 read = 1 stored + 0 refused" in page(steward, contacts)  # promised by the first


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "No profile fits these columns."),
        ("", "The submitted file is empty."),
        ("\x00\x00\x00", "No profile fits these columns."),
    ],
)
def test_a_strange_file_is_refused_on_the_form(steward: Client, text: str, says: str) -> None:
    answer = hand_in(steward, text)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert Import.objects.count() == 0


def test_a_file_that_does_not_fit_its_profile_says_why(steward: Client) -> None:
    answer = hand_in(steward, "a,b\n1,2\n", profile="mers-korea")
    assert "None of its columns are those of this profile." in answer.content.decode()


def test_a_missing_column_is_told_before_anything_runs(steward: Client) -> None:
    hand_in(steward, "id,age,dt_reports\nSK_1,68,2015-05-19\n", profile="mers-korea")
    assert "The column “dt_report” is missing." in page(steward, Import.objects.get())


def test_a_running_import_is_asked_for_until_it_is_done(steward: Client, receive: Any) -> None:
    of = receive(mers(ROW))
    Import.objects.update(state=State.RUNNING, progress=1200)
    address = reverse("intake:progress", args=[of.pk])
    answer = steward.get(address, headers={"HX-Request": "true"})
    assert "1200 rows so far" in answer.content.decode() and "HX-Redirect" not in answer
    Import.objects.update(state=State.DONE)
    assert steward.get(address)["HX-Redirect"] == reverse("intake:one", args=[of.pk])


def test_refused_rows_need_a_reason_and_are_recorded(steward: Client, bring: Any) -> None:
    of = bring(mers(ROW, BAD))
    address = reverse("intake:refused", args=[of.pk])
    assert steward.post(address, {"format": "csv"}).status_code == 400
    answer = steward.post(address, {"format": "csv", "reason": "to mend them"})
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith("SK_2,x,M")
    assert AuditEvent.objects.filter(verb="intake.export").count() == 1


def test_refused_rows_come_as_a_workbook(steward: Client, bring: Any) -> None:
    of = bring(mers(BAD))
    wanted = {"format": "xlsx", "reason": "to mend them"}
    answer = steward.post(reverse("intake:refused", args=[of.pk]), wanted)
    assert answer.content.startswith(b"PK")


def test_a_change_is_accepted_on_the_page(steward: Client, bring: Any, city: Any) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace("68", "69")))
    assert "Accept the change" in page(steward, of)
    steward.post(reverse("intake:accept", args=[of.pk, of.refusals.get().pk]))
    assert Case.objects.get().age == 69
    assert "Every row is in the store." in page(steward, of)


def test_what_cannot_be_accepted_says_why(steward: Client, bring: Any) -> None:
    bring(mers(ROW))
    of = bring(mers(ROW.replace("Alive,", "Dead,2015-06-01")))
    address = reverse("intake:accept", args=[of.pk, of.refusals.get().pk])
    answer = steward.post(address, follow=True)
    assert "is changed by the desk that answers for it" in answer.content.decode()


def test_a_withdrawn_list_is_gone(steward: Client, receive: Any) -> None:
    of = receive(mers(ROW))
    steward.post(reverse("intake:withdraw", args=[of.pk]))
    of.refresh_from_db()
    assert of.state == State.WITHDRAWN and not of.pieces.exists()


def test_remarks_stand_on_the_page(steward: Client, bring: Any) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,,,,Dead,,"))
    assert "The outcome is a death, but no day is given." in page(steward, of)


def test_a_fault_stands_on_the_page_with_a_way_on(steward: Client, receive: Any) -> None:
    of = receive(mers(ROW))
    Import.objects.update(state=State.FAILED, fault="It stopped.")
    assert "Nothing of this list was stored" in page(steward, of)


def test_the_history_shows_what_reconciled(steward: Client, bring: Any) -> None:
    bring(mers(ROW, BAD), name="monday.csv")
    shown = steward.get(reverse("intake:history")).content.decode()
    assert "monday.csv" in shown and "done" in shown


def test_an_empty_history_says_what_to_do(steward: Client) -> None:
    assert "No list has been imported" in steward.get(reverse("intake:history")).content.decode()


def test_the_upload_page_knows_the_steward_s_area(steward: Client) -> None:
    assert "同舟市 (990100)" in steward.get(reverse("intake:upload")).content.decode()


@pytest.mark.parametrize("name", ["tongchou-template.xlsx", "tongchou-template-case.csv"])
def test_the_template_can_be_fetched(steward: Client, name: str) -> None:
    answer = steward.get(reverse("intake:template", args=[name]))
    assert answer.status_code == 200 and name in answer["Content-Disposition"]


def test_another_template_does_not_exist(steward: Client) -> None:
    assert steward.get(reverse("intake:template", args=["x.csv"])).status_code == 404


@pytest.mark.parametrize("name", ["intake:history", "intake:upload"])
def test_other_desks_import_nothing(
    city: Any, client: Client, sign_in: Callable[..., None], name: str
) -> None:
    sign_in(client, city.lin)
    assert client.get(reverse(name)).status_code == 403


def test_a_steward_imports_only_where_they_are_on_post(steward: Client) -> None:
    from tongchou.areas.models import Area

    Area.objects.create(code="880100", name="邻市", level=2, path="880100/")
    answer = hand_in(steward, mers(ROW), area="880100")
    assert answer.status_code == 422 and "not on post there" in answer.content.decode()


def test_an_import_of_another_city_is_not_seen(steward: Client, receive: Any) -> None:
    from tongchou.areas.models import Area

    area = Area.objects.create(code="880100", name="邻市", level=2, path="880100/")
    of = receive(mers(ROW), area=area)
    assert steward.get(reverse("intake:one", args=[of.pk])).status_code == 404


def test_the_pages_speak_chinese(steward: Client, bring: Any) -> None:
    of = bring(mers(ROW, BAD))
    address = reverse("intake:one", args=[of.pk])
    shown = steward.get(address, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "读取 2 = 入库 1 + 拒收 1" in shown and "“x”不是数字。" in shown
