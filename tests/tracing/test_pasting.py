"""A pasted table is read row by row; every row is stored or refused with its reasons."""

import pytest
from django.utils import translation

from tests.tracing.conftest import SUN
from tongchou.cases.models import Contact
from tongchou.kit.tables import Unreadable
from tongchou.tracing import actions, pasting, queries

HEAD = "姓名\t身份证号\t联系电话\t社区\t类别\t接触方式\t末次接触日期\n"
GOOD = f"孙\t{SUN}\t13800001234\t渡口社区\t密接\t同餐\t2022-06-29\n"


@pytest.fixture
def read(city, li):
    def look(text):
        around = queries.circumstances(city.at(hours=2))
        return pasting.read(text.encode(), case=li, around=around, near=city.city.path, year=2022)

    return look


def reasons(preview):
    return [reason for line in preview.lines for reason in line.reasons]


def test_a_good_row_is_stored(read):
    preview = read(HEAD + GOOD)
    assert (len(preview.made), preview.n_refused, preview.n_to_mend) == (1, 0, 0)


def test_the_row_is_read_as_it_was_written(city, li, read):
    (entry,) = read(HEAD + GOOD).made
    assert (entry.tier, entry.area, entry.met.case, entry.met.way) == (
        "close",
        city.community,
        li,
        "meal",
    )


def test_rows_read_are_rows_to_store_and_rows_refused(read):
    bad = GOOD.replace(SUN, "110105194912310021")
    preview = read(HEAD + GOOD + bad)
    assert len(preview.lines) == len(preview.made) + preview.n_refused == 2


def test_a_refused_row_says_its_line_and_reason(read):
    preview = read(HEAD + GOOD + GOOD.replace(SUN, "123"))
    (line,) = [line for line in preview.lines if line.refused]
    assert line.number == 3
    assert line.reasons


def test_a_table_without_heads_has_the_columns_of_the_template(read):
    row = f"孙\t{SUN}\t13800001234\t渡口社区\t\t密接\t同餐\t\t2022-06-29\n"
    (entry,) = read(row).made
    assert (entry.details.phone, entry.met.last_on.isoformat()) == ("13800001234", "2022-06-29")


def test_commas_and_english_heads_are_read_too(read):
    (entry,) = read(
        "name,phone,community,tier,way,last contact\n"
        "Sun,13800001234,990102001001,secondary contact,living together,2022-06-29\n"
        "Zhou,13800005678,990102001001,close contact,same meal,2022-06-29\n"
    ).made
    assert entry.details.name == "Zhou"


def test_columns_nobody_knows_are_named(read):
    preview = read(HEAD.replace("\n", "\t星座\n") + GOOD.replace("\n", "\t狮子\n"))
    assert preview.unknown == ["星座"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022/6/29", "2022-06-29"),
        ("6月29日", "2022-06-29"),
        ("6.9", "2022-06-09"),
        ("44741", "2022-06-29"),
        ("20220629", "2022-06-29"),
    ],
)
def test_days_are_read_as_people_write_them(read, written, day):
    (entry,) = read(HEAD + GOOD.replace("2022-06-29", written)).made
    assert entry.met.last_on.isoformat() == day


def test_a_day_that_can_be_read_two_ways_is_refused(read):
    assert reasons(read(HEAD + GOOD.replace("2022-06-29", "06/07/2022")))


@pytest.mark.parametrize(("written", "tier"), [("次密接", "source"), ("敌人", "敌人")])
def test_a_tier_that_cannot_be_is_refused(read, written, tier):
    assert reasons(read(HEAD + GOOD.replace("密接", written)))


def test_a_day_to_come_is_refused(read):
    assert reasons(read(HEAD + GOOD.replace("2022-06-29", "2022-07-29")))


def test_an_unknown_area_is_refused_with_its_name(read):
    assert any(
        "月亮" in reason for reason in reasons(read(HEAD + GOOD.replace("渡口社区", "月亮")))
    )


def test_nobody_at_all_is_refused(read):
    row = GOOD.replace("孙", "").replace(SUN, "").replace("13800001234", "")
    assert read(HEAD + row).n_refused == 1


def test_what_can_be_mended_later_is_stored_and_said(read):
    preview = read(HEAD + GOOD.replace("2022-06-29", ""))
    assert (preview.n_refused, preview.n_to_mend) == (0, 1)


def test_protection_is_yes_or_no(read):
    head, row = HEAD.replace("\n", "\t防护\n"), GOOD.replace("\n", "\t有\n")
    (entry,) = read(head + row).made
    assert entry.met.protected
    assert reasons(read(head + row.replace("\t有", "\t大概")))


def test_how_a_contact_was_found_is_one_of_the_fields_words(read):
    head, row = HEAD.replace("\n", "\t发现方式\n"), GOOD.replace("\n", "\t外省协查\n")
    (entry,) = read(head + row).made
    assert entry.found_by == "other_province"


def test_a_secondary_contact_names_the_close_one_by_number(read, sun):
    head = HEAD.replace("\n", "\t密接编号\n")
    row = GOOD.replace("密接", "次密接").replace(SUN, "").replace("\n", f"\t{sun.number}\n")
    (entry,) = read(head + row.replace("孙", "周").replace("13800001234", "13800005555")).made
    assert (entry.met.through, entry.met.case) == (sun, None)


def test_a_close_contact_nobody_listed_is_refused(read):
    head = HEAD.replace("\n", "\t密接编号\n")
    preview = read(head + GOOD.replace("密接", "次密接").replace("\n", "\tK-000999\n"))
    assert any("K-000999" in reason for reason in reasons(preview))


def test_too_long_a_table_is_an_import(read, monkeypatch):
    monkeypatch.setattr("tongchou.cases.pasting.MOST_ROWS", 2)
    with pytest.raises(Unreadable):
        read(HEAD + GOOD * 3)


def test_an_empty_table_is_told(read):
    with pytest.raises(Unreadable):
        read("  \n")


def test_pasting_twice_stores_once(city, read):
    text = HEAD + GOOD + GOOD.replace("孙", "周").replace(SUN, "").replace("1234", "5678")
    first = actions.list_many(entries=read(text).made, by=city.wu, now=city.at(hours=2))
    second = actions.list_many(entries=read(text).made, by=city.wu, now=city.at(hours=3))
    assert (first.n_new, second.n_new, second.n_unchanged) == (2, 0, 2)
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(("language", "first"), [("zh-hans", "姓名"), ("en", "name")])
def test_the_template_speaks_the_readers_language(language, first):
    with translation.override(language):
        assert pasting.COLUMNS.template()[0] == first


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_reads_back(read, language):
    with translation.override(language):
        heads = pasting.COLUMNS.template()
    preview = read("\t".join(heads) + "\n" + "孙\t\t13800001234\t渡口社区\n")
    assert preview.columns == list(pasting.COLUMNS.words)
    assert len(preview.made) == 1
