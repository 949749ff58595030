"""Notices: numbers from the records with their rows, words from a person, frozen by a signature."""

import re
from datetime import date

import pytest
from django.db.utils import DatabaseError

from tests.supervision import supervised as s
from tongchou.ledger import actions as ledger
from tongchou.staff.queries import scope_of
from tongchou.supervision import noticing
from tongchou.supervision.actions import notices
from tongchou.supervision.errors import BadNotice
from tongchou.supervision.models import Finding, Kind, Notice
from tongchou.supervision.queries import notices as queries

pytestmark = pytest.mark.django_db

JULY = (date(2022, 7, 1), date(2022, 7, 20))


@pytest.fixture
def month(city):
    """Hua: a red line overdue, one mended in time. Lin: in order. Wu: found its own."""
    s.team(city)
    s.reported(city, exits="no", sign="no")
    mended = Finding.objects.get(item="sign")
    ledger.hand_over(passage=mended.passage, to="rectified", by=city.hua, now=city.at(days=2))
    s.reported(city, of=city.lin, now=city.at(days=1))
    s.reported(city, city.wu, of=city.wu, kind=Kind.SELF_CHECK, now=city.at(days=2), register="no")
    return city


def drafted(city, **more):
    return notices.draft(
        area=city.city, from_on=JULY[0], until_on=JULY[1], by=city.du, now=city.at(days=6), **more
    )


def value(notice, key):
    return notice.facts["numbers"][key]["value"]


def test_what_was_inspected_found_and_mended_is_counted(month):
    notice = drafted(month)

    assert {key: value(notice, key) for key in notice.facts["numbers"]} == {
        "inspected": 3, "self_checks": 1, "units": 3, "found": 3, "urgent": 1, "self_found": 1,
        "repeated": 0, "in_time": 1, "mended_late": 0, "overdue": 1, "under_way": 1,
    }  # fmt: skip


def test_every_number_has_its_rows(month):
    notice = drafted(month)

    for key, fact in notice.facts["numbers"].items():
        kind, rows = queries.rows_behind(notice, key)
        assert kind in ("inspection", "finding")
        assert key == "units" or len(rows) == fact["value"]


def test_nobody_is_praised_who_is_late_in_mending_what_was_found_before(month):
    s.reported(month, of=month.hua, now=month.at(days=5))
    notice = notices.draft(
        area=month.city, from_on=date(2022, 7, 4), until_on=JULY[1], by=month.du,
        now=month.at(days=6),
    )  # fmt: skip

    assert value(notice, "inspected") == 1
    assert notice.facts["units"]["good"] == []
    assert [each["name"] for each in notice.facts["units"]["left"]] == [s.unit_of(month.hua).name]
    assert "此前查出的问题逾期至今未整改" in notice.text


def test_praise_and_criticism_name_units_with_their_rows(month):
    notice = drafted(month)
    names = {key: [one["name"] for one in units] for key, units in notice.facts["units"].items()}

    assert names["good"] == [s.unit_of(month.lin).name]
    assert names["overdue"] == [s.unit_of(month.hua).name]
    assert names["self_found"] == [s.unit_of(month.wu).name]
    unit = notice.facts["units"]["good"][0]["unit"]
    assert queries.rows_behind(notice, f"good-{unit}")[0] == "inspection"
    assert queries.rows_behind(notice, "item-0")[0] == "finding"
    assert queries.rows_behind(notice, "good-0") is None


def test_the_text_reads_as_an_office_writes_it(month):
    notice = drafted(month)
    text = noticing.plain(notice.text, notice.facts)

    assert "本期共开展督查检查 3 次，其中单位自查 1 次，涉及单位 3 家。" in text
    assert "共发现问题 3 个，其中红线问题 1 个" in text
    assert "市第一医院（1）落实到位，予以表扬。" in text
    assert "江滨隔离点（1）整改逾期" in text


@pytest.mark.parametrize(("tone", "lacks"), [("praise", "逾期，请"), ("criticism", "表扬")])
def test_a_notice_may_only_praise_or_only_criticise(month, tone, lacks):
    notice = drafted(month, tone=tone)

    assert lacks not in noticing.plain(notice.text, notice.facts)


def test_a_period_without_inspections_says_so(month):
    notice = notices.draft(
        area=month.city, from_on=date(2021, 1, 1), until_on=date(2021, 1, 2), by=month.du,
        now=month.at(days=6),
    )  # fmt: skip

    assert notice.text == "本期没有完成的督查检查。"
    assert noticing.draft(drafted(month).facts, tone="both").count("\n\n") >= 4


def test_a_period_that_ends_before_it_begins_is_refused(month):
    with pytest.raises(BadNotice):
        notices.draft(
            area=month.city, from_on=JULY[1], until_on=JULY[0], by=month.du, now=month.at(days=6)
        )


def test_nobody_types_a_number_the_records_do_not_have(month):
    notice = drafted(month)

    for text in ("发现 {many} 个", "{units:bad}", "发现 {found 个", " "):
        with pytest.raises(BadNotice):
            notices.edit(notice=notice, title="x", text=text, by=month.du, now=month.at(days=6),
                         seen=0)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("共发现问题 0 个，其中红线问题 {urgent} 个。", "{found}"),
        ("其中红线问题０个。", "{urgent}"),
        ("单位自查发现 12 个", "{self_found}"),
        ("本期共开展督查检查 3 次", "{inspected}"),
        ("涉及单位二十余家、十二家", "{units}"),
        ("逾期未整改零起", "{overdue}"),
        ("按期整改三个。", "{in_time}"),
        ("逾期未整改 1,234.5 \n项", "{overdue}"),
        ("逾期 0\u200b 个", "{overdue}"),
        ("整改率 95%", "{found}, {urgent}"),
        ("处理人员10余人", "{found}, {urgent}"),
        ("发现问题 1{found} 个", "touches"),
        ("发现问题 {found}.5 个", "touches"),
    ],
)
def test_a_number_that_counts_is_not_typed(month, text, place):
    with pytest.raises(BadNotice, match=re.escape(place)):
        noticing.check(text, drafted(month).facts)


@pytest.mark.parametrize(
    "text",
    [
        "2022年7月1日至7月20日，根据防指〔2022〕3号文件第 2 项、第12条，",
        "8:00起、2022-08-01起、12345热线，9:30人员到岗，每周自查两次，3天内整改，50人以上聚集，",
        "做到三个不放过、举一反三、再查一次、同一个问题不再出现，落实二十条、十四五项目。",
        "1.{units:overdue}整改逾期，附件2。",
    ],
)
def test_dates_ordinals_and_demands_are_no_counts(month, text):
    noticing.check(text, drafted(month).facts, title="第3期督查通报（7月1日至20日）")


@pytest.mark.parametrize("tone", ["both", "praise", "criticism"])
def test_the_drafted_text_has_no_typed_number(month, tone):
    notice = drafted(month, tone=tone)
    noticing.check(notice.text, notice.facts, title=notice.title)


def test_a_title_holds_no_count(month):
    with pytest.raises(BadNotice, match="out of the title"):
        noticing.check("好。", drafted(month).facts, title="发现问题 0 个的通报")


def test_two_who_edit_one_draft_see_one_another(month):
    notice = drafted(month)

    def edit(words):
        return notices.edit(
            notice=notice, title="通报", text=words, by=month.du, now=month.at(days=6), seen=0
        )

    edit("发现 {found} 个。")
    with pytest.raises(BadNotice, match="since the page was drawn"):
        edit("另一稿")


def test_counting_anew_moves_the_numbers_and_keeps_the_words(month):
    notice = drafted(month)
    notices.edit(
        notice=notice, title="通报", text="发现 {found} 个。", by=month.du, now=month.at(days=6),
        seen=0,
    )  # fmt: skip
    s.reported(month, of=month.lin, now=month.at(days=7), sign="no")
    notices.recount(notice=notice, by=month.du, now=month.at(days=8))

    assert noticing.plain(notice.text, notice.facts) == "发现 4 个。"


def test_a_signature_freezes_it(month):
    notice = notices.sign(notice=drafted(month), by=month.mayor, now=month.at(days=7), seen=0)

    assert notices.verify(notice)
    for act in (
        lambda: notices.edit(notice=notice, title="x", text="x", by=month.du,
                             now=month.at(days=8), seen=0),
        lambda: notices.sign(notice=notice, by=month.du, now=month.at(days=8), seen=0),
        lambda: notices.recount(notice=notice, by=month.du, now=month.at(days=8)),
    ):  # fmt: skip
        with pytest.raises(BadNotice, match="signed"):
            act()


def test_nothing_signed_can_be_changed_in_the_database(month):
    notices.sign(notice=drafted(month), by=month.mayor, now=month.at(days=7), seen=0)

    with pytest.raises(DatabaseError):
        Notice.objects.update(title="x")


def test_a_draft_that_was_edited_since_is_not_signed_unread(month):
    notice = drafted(month)
    notices.edit(notice=notice, title="x", text="x", by=month.du, now=month.at(days=6), seen=0)

    with pytest.raises(BadNotice, match="since the page was drawn"):
        notices.sign(notice=notice, by=month.mayor, now=month.at(days=7), seen=0)


def test_what_happens_later_does_not_change_what_was_signed(month):
    notice = notices.sign(notice=drafted(month), by=month.mayor, now=month.at(days=7), seen=0)
    s.reported(month, of=month.lin, now=month.at(days=8), sign="no")

    assert notices.verify(Notice.objects.get(pk=notice.pk))


def test_a_draft_is_for_those_who_oversee_and_a_signed_one_for_everybody(month):
    notice = drafted(month)
    chen = scope_of(month.chen, now=month.at(days=6))

    assert not queries.visible_to(chen).exists()
    notices.sign(notice=notice, by=month.mayor, now=month.at(days=7), seen=0)
    assert queries.visible_to(chen).get() == notice
    assert queries.visible_to(scope_of(month.duty_city, now=month.at(days=6))).exists()
