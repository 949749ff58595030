"""Places matched to a city's list: taken when sure, offered with reasons when not."""

from datetime import date

from tongchou.epi.trace import itinerary
from tongchou.epi.trace.itinerary.gazetteer import Entry, Gazetteer, kilometres, parts

EAST = Entry("e", "好运来超市", ("青石县", "柳林镇", "东庄村"), 111.30, 30.70)
WEST = Entry("w", "好运来超市", ("青石县", "柳林镇", "西庄村"), 111.60, 30.70)
HOSPITAL = Entry("h", "青石县人民医院", ("青石县",), 111.31, 30.71)
TOWN = Entry("t", "柳林镇", ("青石县",), 111.4, 30.7)
LIST = Gazetteer([EAST, WEST, HOSPITAL, TOWN])


def place(words: str) -> itinerary.Place:
    return itinerary.Place(0, len(words), words)


def test_a_name_with_its_village_is_taken() -> None:
    assert LIST.match(place("柳林镇西庄村好运来超市")).taken == WEST


def test_namesakes_in_two_villages_are_never_merged() -> None:
    match = LIST.match(place("好运来超市"))

    assert match.taken is None and match.doubtful
    assert {c.entry.id for c in match.candidates} == {"e", "w"}


def test_a_third_village_takes_neither_of_its_namesakes() -> None:
    match = LIST.match(place("南桥村好运来超市"))

    assert match.taken is None
    assert all(c.contradicted for c in match.candidates)
    assert "lies in 东庄村, the text says 南桥村" in match.candidates[0].reasons


def test_position_decides_between_namesakes() -> None:
    match = LIST.match(place("好运来超市"), near=(111.31, 30.70))

    assert match.taken == EAST
    assert "1.0 km away" in match.candidates[0].reasons


def test_what_the_rest_of_the_text_is_about_ranks_but_does_not_decide() -> None:
    shops = Gazetteer(
        [Entry("1", "喜洋洋饭店", ("甲子县",)), Entry("2", "喜洋洋饭店", ("乙丑县",))]
    )

    assert shops.match(place("喜洋洋饭店"), within=("乙丑县",)).taken is None
    assert shops.match(place("喜洋洋饭店"), within=("乙丑县",)).candidates[0].entry.id == "2"


def test_a_name_that_is_only_alike_is_offered() -> None:
    match = LIST.match(place("好运超市"))

    assert match.taken is None
    assert match.candidates[0].reasons[0] in ("names alike", "one name holds the other")


def test_a_town_is_a_place_of_its_own() -> None:
    assert LIST.match(place("青石县柳林镇")).taken == TOWN


def test_a_place_nobody_knows_has_no_candidates() -> None:
    match = LIST.match(place("海棠花园"))

    assert match.candidates == () and not match.doubtful


def test_a_hospital_named_in_full_is_taken() -> None:
    reading = itinerary.read("1月2日到青石县人民医院就诊。", on=date(2022, 1, 3))

    assert LIST.match(reading.places[0]).taken == HOSPITAL


def test_a_name_is_cut_into_areas_and_its_own() -> None:
    cut = parts("宜昌市青石县柳林镇东庄村农贸市场")

    assert list(cut.areas.values()) == ["宜昌市", "青石县", "柳林镇", "东庄村"]
    assert cut.core == "农贸市场"


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert round(kilometres((111.0, 30.0), (111.0, 31.0)), 1) == 111.2


def test_far_away_speaks_against_a_name_and_an_unknown_position_says_nothing() -> None:
    shops = Gazetteer([EAST, Entry("x", "好运来超市")])

    match = shops.match(place("好运来超市"), near=(113.0, 30.7))
    assert [(c.entry.id, c.score) for c in match.candidates] == [("x", 0.8), ("e", 0.6)]


def test_an_ending_more_or_less_is_offered_not_taken() -> None:
    shops = Gazetteer([Entry("1", "金马大酒店", ("青石县",)), Entry("2", "金马(城东店)超市")])

    match = shops.match(place("青石县金马酒店"))
    assert match.taken is None
    assert match.candidates[0].reasons == ("same name but for its ending", "in 青石县")


def test_what_a_name_only_implies_contradicts_nothing() -> None:
    (named,) = itinerary.read("现住青龙县柳林镇", on=date(2022, 1, 3)).places
    towns = Gazetteer([Entry("1", "柳林镇", ("另一市", "青龙县"))])

    assert "秦皇岛市" in named.parts
    assert towns.match(named).taken == towns.entries[0]
