import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.plan.input_output import InputOutput, Sector, china_2020

TABLE = china_2020()
CLOTHES, ELECTRONICS, REAL_ESTATE, HEALTH = 7, 19, 32, 39  # places; codes count from 1


def two(a: list[list[float]]) -> InputOutput:
    rows = [Sector(code, "", "", 2.0, 1.0, 0.5, 0.1, 1.0, 0.2, "") for code in (1, 2)]
    return InputOutput(tuple(rows), np.array(a), {})


def only(sector: int, yuan: float = 1.0) -> np.ndarray:
    lost = np.zeros(42)
    lost[sector] = yuan
    return lost


def test_output_is_what_sectors_buy_and_what_is_left():
    again = TABLE.requirements @ TABLE.final
    assert np.abs(again / TABLE.output - 1).max() < 1e-9


def test_the_value_added_of_2020_is_the_gross_domestic_product():
    assert TABLE.value_added.sum() == pytest.approx(101.64e12, rel=1e-4)


def test_a_yuan_of_final_output_holds_at_most_a_yuan_of_value_added():
    held = (TABLE.value_added / TABLE.output) @ TABLE.requirements
    assert held.max() < 1  # the rest was imported
    assert held.argmin() == ELECTRONICS


def test_clothes_need_the_most_of_other_sectors_and_real_estate_the_least():
    assert TABLE.multipliers.argmax() == CLOTHES
    assert TABLE.multipliers.argmin() == REAL_ESTATE


def test_upstream_loss_of_a_sector_without_domestic_inputs_is_zero():
    table = two([[0.0, 0.3], [0.0, 0.1]])
    assert table.upstream([1.0, 0.0]).tolist() == [0.0, 0.0]
    assert table.also_lost([1.0, 0.0]).tolist() == [0.0, 0.0]


def test_suppliers_lose_the_orders_of_those_who_cannot_work():
    table = two([[0.0, 0.4], [0.0, 0.0]])
    assert table.also_lost([0.0, 10.0]).tolist() == pytest.approx([4.0, 0.0])


def test_a_supplier_that_stands_still_itself_loses_its_output_once():
    table = two([[0.0, 0.4], [0.0, 0.0]])
    assert table.also_lost([4.0, 10.0]).tolist() == [0.0, 0.0]
    assert table.also_lost([1.0, 10.0]).tolist() == pytest.approx([3.0, 0.0])


def test_orders_filled_from_work_for_stock_are_not_lost():
    table = two([[0.0, 0.4], [0.0, 0.0]])
    assert table.also_lost([0.0, 10.0], made_up=0.25).tolist() == pytest.approx([3.0, 0.0])


def test_a_country_that_stands_still_loses_no_more_than_it_makes():
    everything = TABLE.value_added
    assert TABLE.also_lost(everything).sum() < 1e-3 * everything.sum()  # sold from stock
    # what the text-book's multiplier would have said
    assert TABLE.upstream(TABLE.output).sum() > 1.2 * everything.sum()


@given(st.integers(0, 41), st.floats(1, 1e9))
def test_one_sector_alone_costs_its_suppliers_no_more_than_the_text_book_says(sector, yuan):
    output = yuan * TABLE.output[sector] / TABLE.value_added[sector]
    most = TABLE.upstream(only(sector, output)).sum()
    assert 0 < TABLE.also_lost(only(sector, yuan)).sum() <= most * (1 + 1e-9)


@given(st.integers(0, 41), st.integers(0, 2**32 - 1))
def test_one_who_loses_more_never_makes_the_whole_lose_less(sector, seed):
    lost = np.random.default_rng(seed).uniform(0, 1e9, 42)
    more = lost + only(sector, 1e8)
    before, after = (each.sum() + TABLE.also_lost(each).sum() for each in (lost, more))
    assert after >= before * (1 - 1e-9)


def test_a_day_of_farming_adds_less_than_a_day_of_banking():
    value = TABLE.value_per_workday()
    assert value[0] < value[31]
    assert value[HEALTH] == pytest.approx(437, abs=1)


def test_more_days_a_year_make_each_of_them_worth_less():
    assert TABLE.value_per_workday(200)[0] == pytest.approx(TABLE.value_per_workday(250)[0] * 1.25)


def test_a_sector_that_buys_more_than_it_makes_is_refused():
    with pytest.raises(ValueError, match="adds up to less than 1"):
        two([[0.5, 0.0], [0.5, 0.0]])


def test_coefficients_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="2 sectors need 2 x 2"):
        two([[0.5, 0.1]])


def test_a_gain_is_no_loss():
    with pytest.raises(ValueError, match="from 0 up"):
        TABLE.also_lost(only(3, -1.0))
    with pytest.raises(ValueError, match="one loss for each of 42"):
        TABLE.upstream([1.0])
    with pytest.raises(ValueError, match="between 0 and 1"):
        TABLE.also_lost(only(3), made_up=1.5)


def test_sectors_have_codes_names_and_shares_that_can_be():
    assert [sector.code for sector in TABLE.sectors] == list(range(1, 43))
    assert all(sector.of("zh-hans") and sector.of("en") for sector in TABLE.sectors)
    assert all(0 <= sector.remote < 1 and sector.pay > 0 for sector in TABLE.sectors)
    assert {"table", "employed", "remote"} == set(TABLE.provenance)


def test_the_figures_are_those_of_the_published_table(shared):
    with (shared / "data/io_tables_china/china_2020_42.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    domestic = np.array([row[4:46] for row in rows if row[3] == "Domestic"], dtype=float)
    total = {row[0]: np.array(row[4:46], dtype=float) for row in rows if row[3] == "TOT"}
    sums = domestic.sum(axis=0) / total["TI"]
    assert np.abs(TABLE.coefficients.sum(axis=0) - sums).max() < 42 * 5e-7
    assert TABLE.output == pytest.approx(total["TI"] * 1e4, rel=1e-5)
    assert TABLE.value_added == pytest.approx(total["TVA"] * 1e4, rel=2e-5)
    exact = np.linalg.inv(np.eye(42) - domestic / total["TI"]).sum(axis=0)
    assert TABLE.multipliers == pytest.approx(exact, rel=1e-5)


def test_the_employed_are_those_of_the_published_count(shared):
    with (shared / "data/io_tables_china/china_employment.csv").open(encoding="utf-8") as file:
        counted = {row["Code"]: float(row["2018"]) for row in csv.DictReader(file)}
    everybody = sum(sector.employed for sector in TABLE.sectors)
    assert everybody == pytest.approx(counted["TOT"], rel=1e-4)
    assert TABLE.sectors[HEALTH].employed == counted["Q"]
