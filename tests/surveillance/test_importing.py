"""Files of counts: every row is stored or refused, and nothing is done by halves."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tongchou.areas.models import Area
from tongchou.surveillance import profiles, returned
from tongchou.surveillance.actions import import_counts, preview, register_site
from tongchou.surveillance.actions import importing as module
from tongchou.surveillance.models import Count, CountImport, Site, Source
from tongchou.surveillance.reading import BadFile

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 5, 1, 8, tzinfo=UTC)
HEAD = "date,province,provinceCode,city,cityCode,confirmed,suspected,cured,dead\n"
ROWS = (
    "2020-02-01,湖北省,420000,天门市,429006,82,0,0,4\n"
    "2020-02-02,湖北省,420000,天门市,429006,99,0,1,5\n"
)


def take(text: str, profile: str = "canghailan", **options) -> CountImport:
    return import_counts(
        file=io.BytesIO(text.encode()),
        name="counts.csv",
        profile=profiles.load(profile),
        by=None,
        now=options.pop("now", NOW),
        **options,
    )


def refusals(of: CountImport) -> list[tuple[int, str, str]]:
    return [(r.line, r.column, r.code) for r in of.refusals.all()]


def values(code: str, slug: str) -> list[tuple[date, Decimal]]:
    rows = Count.objects.filter(current=True, duty__site__code=code, duty__channel=slug)
    return list(rows.order_by("day").values_list("day", "value"))


# --- official counts of areas --------------------------------------------------------------------


def test_an_empty_instance_takes_the_areas_from_the_list_itself():
    take(HEAD + ROWS)

    tianmen = Area.objects.get(pk="429006")
    assert (tianmen.name, tianmen.parent_id, tianmen.parent.name) == ("天门市", "420000", "湖北省")


def test_each_column_is_a_channel_of_the_area():
    of = take(HEAD + ROWS)

    assert of.reconciled == "2 read = 2 stored + 0 refused"
    assert values("429006", "official-confirmed") == [
        (date(2020, 2, 1), 82),
        (date(2020, 2, 2), 99),
    ]
    assert Count.objects.count() == 8


def test_the_same_file_again_is_unchanged_and_leaves_no_second_import():
    take(HEAD + ROWS)
    again = take(HEAD + ROWS)

    assert (again.n_new, again.n_revised, again.n_unchanged) == (0, 0, 2)
    assert CountImport.objects.count() == 1


def test_another_value_for_the_same_day_is_a_revision():
    take(HEAD + ROWS)
    again = take(HEAD + ROWS.replace("99,0,1,5", "101,0,1,5"))

    assert (again.n_revised, again.n_unchanged) == (1, 1)
    told = Count.objects.filter(duty__channel="official-confirmed", day=date(2020, 2, 2))
    assert list(told.order_by("revision").values_list("value", "current")) == [
        (99, False),
        (101, True),
    ]


def test_what_has_no_code_is_kept_under_its_province_and_said_so():
    of = take(HEAD + "2020-02-01,湖北省,420000,未公布来源,,3,0,0,0\n")

    site = Site.objects.get()
    assert (site.code, site.area_id, site.apart) == ("420000/未公布来源", "420000", True)
    assert [r.code for r in of.remarks.exclude(code="new_area")] == ["no_code"]


@pytest.mark.parametrize("code", ["4200c7", "401147", "4200xx", "4200y0"])
def test_a_code_that_is_none_is_kept_apart_and_said_so(code):
    of = take(HEAD + f"2020-02-01,湖北省,420000,监狱系统,{code},271,0,0,0\n")

    assert Site.objects.get().apart
    remark = of.remarks.get(code="pseudo_code")
    assert (remark.params["code"], remark.lines) == (code, [2])


def test_the_total_of_a_province_among_its_cities_is_refused():
    of = take(HEAD + ROWS + "2020-02-01,湖北省,420000,,,9074,0,215,294\n")

    assert refusals(of) == [(4, "cityCode", "a_total")]


def test_a_row_that_names_no_place_is_refused():
    of = take(HEAD + "2020-02-01,,,,,84347,9,78664,4643\n")

    assert refusals(of) == [(2, "provinceCode", "no_area")]


def test_only_known_areas_are_taken_where_that_is_wanted(city):
    of = take(HEAD + ROWS, only_known_areas=True)

    assert {code for _line, _column, code in refusals(of)} == {"unknown_area"}
    assert not Area.objects.filter(pk="429006").exists()


def test_an_area_that_is_there_keeps_its_name():
    Area.objects.create(code="420000", name="湖北", level=1, path="420000/")
    take(HEAD + ROWS)

    assert Area.objects.get(pk="420000").name == "湖北"


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2020-13-01,湖北省,420000,天门市,429006,1,0,0,0", "date", "no_day"),
        ("2024-05-03,湖北省,420000,天门市,429006,1,0,0,0", "date", "ahead"),
        ("2020-02-01,湖北省,420000,天门市,429006,many,0,0,0", "confirmed", "no_number"),
        ("2020-02-01,湖北省,420000,天门市,429006,-1,0,0,0", "confirmed", "negative"),
        ("2020-02-01,湖北省,420000,天门市,429006,1.5,0,0,0", "confirmed", "fraction"),
        ("2020-02-01,湖北省,420000,天门市,429006,1,0,0,0,7,8", "", "cells"),
    ],
)
def test_a_row_with_a_fault_is_refused_with_the_cell_and_the_reason(row, column, code):
    of = take(HEAD + ROWS + row + "\n")

    assert refusals(of) == [(4, column, code)]
    assert of.n_stored == 2


def test_every_reason_says_how_to_mend_it():
    of = take(HEAD + "2020-02-01,湖北省,420000,天门市,429006,many,0,0,0\n")

    assert str(returned.problem_of(of.refusals.get())) == (
        "confirmed: “many” is no count. "
        "Write digits only; leave the cell empty where nothing was reported."
    )


def test_refused_rows_come_back_as_the_sheet_they_were_with_a_reason_column():
    of = take(HEAD + "2020-02-01,湖北省,420000,天门市,429006,many,0,0,0\n")
    lines = returned.as_csv(of, language="en").decode("utf-8-sig").splitlines()

    assert lines[0] == HEAD.strip() + ",Why refused (tongchou)"
    assert lines[1].startswith("2020-02-01,湖北省,420000,天门市,429006,many,0,0,0,confirmed: ")


def test_the_sheet_of_refusals_can_come_back_mended():
    of = take(HEAD + "2020-02-01,湖北省,420000,天门市,429006,many,0,0,0\n")
    sheet = returned.as_csv(of, language="zh").decode("utf-8-sig").replace("many", "82")

    assert take(sheet).n_new == 1


def test_an_empty_cell_is_a_day_without_a_count_and_no_zero():
    of = take(HEAD + "2020-02-01,湖北省,420000,天门市,429006,82,,0,4\n")

    assert (of.n_new, of.n_refused) == (1, 0)
    assert values("429006", "official-suspected") == []


def test_a_count_cannot_be_unsaid():
    take(HEAD + ROWS)
    again = take(HEAD + "2020-02-01,湖北省,420000,天门市,429006,,0,0,4\n")

    assert refusals(again) == [(2, "", "taken_back")]


def test_two_lines_that_disagree_about_a_day_are_not_both_stored():
    of = take(HEAD + ROWS + "2020-02-02,湖北省,420000,天门市,429006,98,0,1,5\n")

    assert refusals(of) == [(4, "", "twice")]
    assert of.refusals.get().params == {"first": 3, "said": "99"}


def test_a_line_that_comes_twice_is_counted_and_remarked():
    of = take(HEAD + ROWS + ROWS)

    assert of.reconciled == "4 read = 4 stored + 0 refused"
    assert of.remarks.filter(code="again").count() == 2


def test_another_file_is_told_what_it_lacks():
    with pytest.raises(BadFile, match="no column date, cityCode, confirmed; the file has a, b"):
        take("a,b\n1,2\n")


# --- whole or not at all -------------------------------------------------------------------------


def test_whoever_is_killed_half_way_has_done_nothing(monkeypatch):
    def killed(*words, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_keep", killed)
    with pytest.raises(KeyboardInterrupt):
        take(HEAD + ROWS)

    for model in (Count, CountImport, Site, Source, Area):
        assert not model.objects.exists()


def test_a_preview_writes_nothing_and_reconciles():
    found = preview(
        file=io.BytesIO((HEAD + ROWS).encode()), profile=profiles.load("canghailan"), now=NOW
    )

    assert found.reconciled == "2 read = 2 stored + 0 refused"
    assert sorted(found.areas) == ["420000", "429006"]
    assert not Area.objects.exists()


# --- the other layouts ---------------------------------------------------------------------------

ILI = (
    "REGION TYPE,REGION,YEAR,WEEK,ILITOTAL,NUM. OF PROVIDERS,TOTAL PATIENTS\n"
    "States,Alabama,2010,40,249,35,11664\n"
    "States,Florida,2010,40,X,X,X\n"
)


def test_weeks_of_ilinet_begin_on_their_sunday():
    take(ILI, "ilinet")
    count = Count.objects.get(duty__channel="ili-weekly")

    assert (count.day, count.value, count.denominator) == (date(2010, 10, 3), 249, 11664)


def test_x_is_not_reported_and_no_zero():
    of = take(ILI, "ilinet")

    assert of.reconciled == "2 read = 2 stored + 0 refused"
    assert not Count.objects.filter(duty__site__code="Florida").exists()
    assert of.remarks.get(code="nothing_reported").lines == [3]


def test_a_title_line_above_the_header_is_passed_over():
    of = take("PERCENTAGE OF VISITS FOR INFLUENZA-LIKE-ILLNESS\n" + ILI, "ilinet")

    assert of.reconciled == "2 read = 2 stored + 0 refused"


def test_a_week_that_a_year_has_not_is_refused():
    of = take(ILI.replace("2010,40,249", "2010,53,249"), "ilinet")

    assert refusals(of) == [(2, "WEEK", "no_week")]


def test_more_ill_than_there_were_patients_is_refused():
    of = take(ILI.replace("11664", "12"), "ilinet")

    assert refusals(of) == [(2, "ILITOTAL", "more_than_all")]


def test_wastewater_keeps_its_decimals_and_its_flow(city):
    of = take(
        "site,date,copies_per_litre,flow_m3_per_day,area\nplant-1,2024-04-02,10234.5,86000,990102\n",
        "wastewater",
    )
    count = Count.objects.get()

    assert (count.value, count.denominator) == (Decimal("10234.5"), 86000)
    assert count.duty.site.area == city.east
    assert [r.code for r in of.remarks.all()] == ["new_site"]


def test_the_city_s_own_sheet_names_sites_of_the_register(city):
    source = Source.objects.create(slug="sentinels", name="本市哨点")
    register_site(
        source=source, code="C1", name="第一医院", area=city.east, by=city.qian, now=city.at()
    )
    of = take(
        "日期,哨点编码,渠道,数值,总数\n"
        "2024-04-02,C1,发热门诊就诊,38,\n"
        "2024-04-02,C1,gastro,4,200\n"
        "2024-04-02,C11,gastro,4,200\n"
        "2024-04-02,C1,weather,4,\n",
        "template",
    )

    assert of.n_new == 2
    assert refusals(of) == [
        (4, "哨点编码", "unknown_site_near"),
        (5, "渠道", "unknown_channel"),
    ]


def test_a_profile_of_the_city_s_own_takes_the_place_of_a_shipped_one(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path
    own = tmp_path / "profiles" / "counts"
    own.mkdir(parents=True)
    text = profiles.available()["ilinet"].read_text("utf-8")
    (own / "ilinet.toml").write_text(text.replace("ILITOTAL", "ILI"), "utf-8")

    assert profiles.load("ilinet").counts[0].value == ("ILI",)


@pytest.mark.parametrize("name", sorted(profiles.available()))
def test_every_shipped_profile_can_be_read(name):
    assert profiles.load(name).title["zh"]


def test_a_profile_with_faults_names_each_of_them():
    with pytest.raises(profiles.BadCountProfile) as raised:
        profiles.parse('title = { zh = "x", en = "x" }\nsite = { code = 3 }\n', name="mine")

    assert "mine.toml: source: Field required" in str(raised.value)
    assert "mine.toml: site.code" in str(raised.value)
