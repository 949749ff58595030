import numpy as np
import pytest

from tests.epi.spread.results import result
from tongchou.epi.plan.cost import Capacity, price_of
from tongchou.epi.plan.side_by_side import MissingWeights, compare, single_number, summarise

BEDS = Capacity(100, 100, 100)


def bill(**given):
    return price_of(result(**given), capacity=BEDS)


TESTING = bill(antigen=[[100, 0]] * 3)
LETTING_GO = bill(deaths=[[2, 0]] * 3, in_critical=[[4, 0]] * 3)


def test_two_plans_stand_side_by_side_by_who_pays():
    beside = compare({"test": TESTING, "let go": LETTING_GO})
    assert beside.names == ("test", "let go")
    assert beside.paid["city"] == (1800, pytest.approx(0.333 * 12 * 10_000))
    assert beside.paid["insurance"] == (0, pytest.approx(0.667 * 12 * 10_000))
    assert beside.paid["households"] == (0, 0)


def test_deaths_stand_beside_the_money_and_not_in_it():
    beside = compare({"test": TESTING, "let go": LETTING_GO})
    (deaths,) = [row for row in beside.rows if row.item == "death"]
    assert (deaths.payer, deaths.unit, deaths.quantity, deaths.yuan) == (
        "ill",
        "person",
        (0, 6),
        None,
    )


def test_rows_add_up_to_what_each_payer_pays():
    beside = compare({"test": TESTING, "let go": LETTING_GO})
    for payer, paid in beside.paid.items():
        rows = [row.yuan for row in beside.rows if row.payer == payer and row.yuan is not None]
        assert np.sum([np.zeros(2), *rows], axis=0) == pytest.approx(paid)


def test_what_could_not_be_counted_is_said_once():
    silent = price_of(result())
    assert len(compare({"a": silent, "b": silent}).silent) == 4


def test_the_table_names_each_payer_once_and_what_it_pays_for():
    said = compare({"test": TESTING, "let go": LETTING_GO}).as_text().split("\n")
    assert said[0].split() == ["test", "let", "go"]
    assert said[1].split() == ["city", "government", "1,800", "39,960"]
    assert [line.split() for line in said if "deaths" in line] == [["deaths", "(person)", "0", "6"]]
    assert "人" in compare({"let go": LETTING_GO}).as_text("zh-hans")


def test_nothing_beside_nothing_is_refused():
    with pytest.raises(ValueError, match="no bill to compare"):
        compare({})


def test_an_interval_holds_the_runs_it_was_made_of():
    runs = [bill(deaths=[[deaths, 0]] * 3) for deaths in range(101)]
    (deaths,) = summarise(runs)
    assert deaths.key == ("death", "ill")
    assert (deaths.quantity.low, deaths.quantity.median, deaths.quantity.high) == (15, 150, 285)
    assert deaths.quantity.mean == 150
    assert deaths.yuan is None


def test_a_run_without_an_item_counts_as_none_of_it():
    (line,) = summarise([TESTING, bill(), bill(), bill()])
    assert line.quantity.mean == 75
    assert line.yuan.mean == 450
    assert line.yuan.median == 0


def test_the_interval_of_a_payer_is_that_of_the_sum():
    runs = [bill(antigen=[[n, 0]] * 3, transfers=[[9 - n, 0]] * 3) for n in range(10)]
    (city,) = summarise(runs, by=("payer",))
    assert city.key == ("city",)
    assert city.quantity is None  # kits and transfers do not add up
    sums = [3 * (6 * n + 150 * (9 - n)) for n in range(10)]
    assert city.yuan.high == pytest.approx(np.quantile(sums, 0.95))


def test_a_summary_keeps_the_columns_as_they_were_asked_for():
    lines = summarise([TESTING, LETTING_GO], by=("district", "item"))
    assert [line.key for line in lines] == [
        ("330101", "antigen"), ("330101", "bed_critical"), ("330101", "death"),
    ]  # fmt: skip


def test_bills_of_two_cities_are_not_summarised():
    other = price_of(result(district_code=("1", "2")))
    with pytest.raises(ValueError, match="different districts"):
        summarise([TESTING, other])
    with pytest.raises(ValueError, match="no bill to summarise"):
        summarise([])


def test_one_number_is_the_sum_of_parts_that_are_seen():
    weights = {"city": 1, "insurance": 0.5, "death": 2e6}
    number = single_number(LETTING_GO, weights)
    assert number.parts[-1] == ("death", 6, 2e6)
    assert [name for name, _, _ in number.parts] == ["city", "insurance", "death"]
    assert number.value == pytest.approx(39_960 + 0.5 * 80_040 + 12e6)


def test_one_number_without_a_weight_for_each_part_names_what_lacks_one():
    with pytest.raises(MissingWeights, match="no weight: insurance, death. Give each") as told:
        single_number(LETTING_GO, {"city": 1})
    assert told.value.without == ("insurance", "death")


def test_there_are_no_weights_of_the_house():
    with pytest.raises(MissingWeights, match="no weight: city"):
        single_number(TESTING, {})


def test_a_weight_of_zero_is_a_statement():
    assert single_number(TESTING, {"city": 0}).value == 0


def test_money_is_weighed_by_who_pays_and_not_by_what_it_buys():
    with pytest.raises(MissingWeights, match="antigen is money: weigh the yuan of those who pay"):
        single_number(TESTING, {"antigen": 1})


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf")])
def test_a_weight_is_a_number_from_zero_up(weight):
    with pytest.raises(MissingWeights, match="the weight of city is"):
        single_number(TESTING, {"city": weight})


def test_a_weight_for_nothing_that_there_is_is_refused():
    with pytest.raises(MissingWeights, match="nothing in a bill is called deaths"):
        single_number(TESTING, {"city": 1, "deaths": 1})
