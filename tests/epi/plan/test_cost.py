import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.spread.results import result
from tongchou.epi.plan.cost import Capacity, price_of
from tongchou.epi.plan.input_output import china_2020
from tongchou.epi.plan.items import ITEMS
from tongchou.epi.plan.prices import default
from tongchou.epi.spread.result import AGE_GROUPS, REASONS, SECTORS
from tongchou.epi.spread.series import SERIES

EAST, WEST = "330101", "330102"
BANKS, TRANSPORT, HOTELS, HEALTH = 32, 29, 30, 40  # codes of sectors


def lost(reason: str, sector: int, east: float = 0.0, west: float = 0.0) -> dict[str, np.ndarray]:
    days = {name: np.zeros((2, SECTORS)) for name in REASONS}
    days[reason][:, sector] = east, west
    return days


def died(age_group: int, people: int = 1) -> np.ndarray:
    deaths = np.zeros((2, AGE_GROUPS), dtype=np.int64)
    deaths[0, age_group] = people
    return deaths


def busy(rng: np.random.Generator, times: int = 1):
    daily = {name: times * rng.integers(0, 50, (3, 2)) for name in SERIES}
    work = {name: times * rng.uniform(0, 90, (2, SECTORS)) for name in REASONS}
    deaths = times * rng.integers(0, 9, (2, AGE_GROUPS))
    return result(daily=daily, workdays_lost=work, deaths_by_age=deaths)


def test_a_bill_of_nothing_is_empty_and_says_so():
    bill = price_of(result())
    assert bill.is_empty
    assert list(bill.lines()) == []
    assert bill.as_text("en").startswith("The bill is empty")
    assert bill.as_text("zh-hans").startswith("账单为空")


def test_tubes_and_swabs_are_bought_by_the_city():
    bill = price_of(result(pcr_tubes=[[100, 0]] * 3, pcr_people=[[1000, 0]] * 3))
    assert bill.amounts("payer") == {("city",): pytest.approx(3 * 3490)}
    assert bill.amounts("district") == {(EAST,): pytest.approx(3 * 3490)}


def test_bed_days_are_shared_by_insurance_and_the_city():
    bill = price_of(result(in_severe=[[10, 0]] * 3))
    paid = bill.amounts("payer")
    assert paid["insurance",] == pytest.approx(0.667 * 30 * 3000)
    assert sum(paid.values()) == pytest.approx(30 * 3000)


def test_a_line_has_its_quantity_its_price_and_their_product():
    (line,) = price_of(result(antigen=[[0, 50]] * 3)).lines()
    assert (line.item, line.payer, line.district, line.sector) == ("antigen", "city", WEST, 0)
    assert (line.quantity, line.unit, line.price, line.amount) == (150, "kit", 6, 900)


def test_a_death_is_counted_and_has_no_price():
    bill = price_of(result(deaths=[[0, 2]] * 3))
    (line,) = bill.lines()
    assert (line.item, line.payer, line.quantity, line.price) == ("death", "ill", 6, None)
    assert line.amount is None
    assert bill.total == 0
    assert not bill.is_empty


def test_who_dies_at_80_loses_fewer_years_than_who_dies_at_20():
    old, young = (price_of(result(deaths_by_age=died(group))) for group in (16, 4))
    assert old.quantity_of("life_year") == pytest.approx(6.3)
    assert young.quantity_of("life_year") == pytest.approx(55.0)


def test_work_lost_is_worth_what_its_sector_adds():
    prices = default().changed(remote_scale=0)
    bill = price_of(result(workdays_lost=lost("zone", BANKS, east=10)), prices)
    worth = 10 * china_2020().value_per_workday()[BANKS - 1]
    borne = bill.amounts("item", "sector")["work_zone", BANKS]
    assert borne == pytest.approx(worth)
    assert bill.quantities("sector")["work_zone", BANKS] == pytest.approx(10)


def test_work_done_at_home_is_not_lost():
    run = result(workdays_lost=lost("zone", BANKS, east=100))
    home = price_of(run, default().changed(remote_scale=1))
    place = price_of(run, default().changed(remote_scale=0))
    assert home.total == pytest.approx((1 - 0.762) * place.total)


def test_the_ill_do_not_work_at_home():
    ill = price_of(result(workdays_lost=lost("ill", BANKS, east=100)))
    assert ill.quantity_of("work_ill") == pytest.approx(100)


def test_cooks_cannot_work_at_home_as_bankers_can():
    cooks, bankers = (
        price_of(result(workdays_lost=lost("closure", sector, east=100)))
        for sector in (HOTELS, BANKS)
    )
    assert cooks.quantity_of("work_closure") > bankers.quantity_of("work_closure")


def test_orders_lost_by_suppliers_are_a_line_of_their_own_for_the_whole_city():
    bill = price_of(result(workdays_lost=lost("zone", HOTELS, east=100)))
    upstream = [line for line in bill.lines() if line.item == "upstream"]
    assert {line.payer for line in upstream} == {"suppliers"}
    assert {line.district for line in upstream} == {""}
    assert HOTELS not in {line.sector for line in upstream}  # its own loss is in its own lines
    assert sum(line.amount for line in upstream) > 0


def test_wages_taxes_and_the_rest_are_the_whole_loss():
    run = result(workdays_lost=lost("zone", HOTELS, east=100))
    none, all_ = (price_of(run, default().changed(pay_lost=share)) for share in (0, 1))
    assert ("households",) not in none.amounts("payer")
    assert all_.amounts("payer")["households",] > 0.5 * none.amounts("payer")["enterprises",]
    assert all_.total == pytest.approx(none.total)


def test_work_caught_up_later_is_not_lost():
    run = result(workdays_lost=lost("zone", HOTELS, east=100))
    assert price_of(run, default().changed(caught_up=1)).is_empty


def test_beds_that_are_there_are_paid_and_those_that_are_not_are_care_not_given():
    bill = price_of(result(in_critical=[[30, 10], [5, 5], [0, 0]]), capacity=Capacity(critical=20))
    assert bill.quantity_of("bed_critical") == pytest.approx(20 + 10)
    assert bill.quantity_of("no_bed_critical") == pytest.approx(20)
    assert bill.quantities("district")["no_bed_critical", EAST] == pytest.approx(15)


def test_a_bill_says_where_nobody_told_it_of_beds():
    bill = price_of(result(), capacity=Capacity(severe=10, critical=3))
    assert [each.split(":")[0] for each in bill.silent] == ["no_bed_isolation", "held ready"]
    assert all("nobody said" in each for each in bill.silent)


def test_what_stands_ready_and_is_not_used_costs_too():
    run = result(in_facility=[[30, 10], [5, 5], [0, 0]], tracer_days=[[1.5, 0.5]] * 3)
    bill = price_of(run, capacity=Capacity(rooms=40, tracers=2, tubes=100))

    assert bill.quantity_of("room_ready") == pytest.approx(0 + 30 + 40)
    assert bill.quantity_of("tracer_ready") == 0
    assert bill.quantity_of("tube_ready") == 300
    assert bill.amounts("item")[("tube_ready",)] == pytest.approx(150)
    assert bill.amounts("district")[("",)] == pytest.approx(100 * 70 + 150)


def test_more_ready_than_is_used_is_dearer_by_what_holding_it_costs():
    run = result(in_facility=[[30, 10]] * 3)
    few, many = (price_of(run, capacity=Capacity(rooms=rooms)) for rooms in (40, 50))

    assert many.total - few.total == pytest.approx(10 * 3 * 100)


def test_a_room_costs_less_empty_than_in_use():
    price = default().price
    assert price["room_ready"].value < price["facility_day"].value
    assert price["tracer_ready"].value < price["tracer_day"].value
    assert price["tube_ready"].value < price["pcr_tube"].value


def test_fewer_than_no_beds_are_refused():
    with pytest.raises(ValueError, match="severe beds: -1"):
        Capacity(severe=-1)


def test_doctors_away_are_visits_not_given_though_they_could_sit_at_home():
    bill = price_of(result(workdays_lost=lost("quarantine", HEALTH, east=10)))
    assert bill.quantity_of("visit_staff") == pytest.approx(24)


def test_a_lockdown_costs_days_visits_and_supplies():
    bill = price_of(result(in_lockdown=[[1000, 0]] * 3))
    assert bill.quantity_of("in_lockdown") == 3000
    assert bill.quantity_of("visit_zone") == pytest.approx(3000 * 0.0164 * 0.5)
    assert bill.amounts("item") == {("zone_day",): 60_000}


def test_lorries_that_stand_delay_freight():
    prices = default().changed(remote_scale=0)
    bill = price_of(result(workdays_lost=lost("zone", TRANSPORT, west=100)), prices)
    assert bill.quantities("district")["freight", WEST] == pytest.approx(980)


def test_every_item_stands_in_a_busy_bill():
    bill = price_of(busy(np.random.default_rng(1)), capacity=Capacity(0, 0, 0, 1e9, 1e9, 1e9))
    assert set(ITEMS) - {line.item for line in bill.lines()} == {
        "bed_isolation", "bed_severe", "bed_critical",  # there are none
    }  # fmt: skip


def test_lines_add_up_however_they_are_sorted():
    bill = price_of(busy(np.random.default_rng(2)))
    in_all = sum(line.amount or 0.0 for line in bill.lines())
    assert bill.total == pytest.approx(in_all)
    assert bill.amounts() == {(): pytest.approx(in_all)}
    for column in ("payer", "district", "sector", "item"):
        assert sum(bill.amounts(column).values()) == pytest.approx(in_all)


@given(st.integers(0, 1000), st.integers(2, 9))
def test_doubled_quantities_are_doubled_money(seed, times):
    once = price_of(busy(np.random.default_rng(seed)))
    more = price_of(busy(np.random.default_rng(seed), times))
    assert more.quantity == pytest.approx(times * once.quantity)
    assert more.total == pytest.approx(times * once.total)


def test_figures_name_all_items_even_those_of_which_there_is_nothing():
    figures = price_of(result(deaths=[[0, 2]] * 3, antigen=[[1, 0]] * 3)).figures()
    assert (figures["total"], figures["city"], figures["antigen"], figures["death"]) == (
        18,
        18,
        18,
        6,
    )
    assert {"total", "insurance", *ITEMS} <= set(figures)
    assert figures["upstream"] == 0


def test_a_run_without_a_reason_for_lost_work_is_refused():
    run = result(workdays_lost={"ill": np.zeros((2, SECTORS))})
    with pytest.raises(ValueError, match="kept no days of work lost by reason of quarantine"):
        price_of(run)


def test_a_run_without_a_series_is_refused():
    with pytest.raises(ValueError, match="kept no pcr_tubes"):
        price_of(result(daily={"deaths": np.zeros((3, 2))}))


def test_the_text_of_a_bill_names_payers_and_items():
    bill = price_of(result(antigen=[[1, 0]] * 3, deaths=[[0, 2]] * 3))
    said = bill.as_text()
    assert "city government: 18 yuan" in said
    assert "the ill:\n  deaths: 6.00 person" in said
    assert "no_bed_severe: nobody said" in said
    assert "市政府: 18 元" in bill.as_text("zh")


GATES = ("gate_wait", "gate_trip", "gate_freight")


def test_who_is_tested_at_a_checkpoint_waits_and_pays_with_time():
    bill = price_of(result(gate_tested=[[0, 90]] * 3))
    (line,) = bill.lines()
    assert (line.item, line.payer, line.district, line.unit) == (
        "gate_wait", "households", WEST, "hour",
    )  # fmt: skip
    assert line.quantity == pytest.approx(3 * 90 * 20 / 60)
    assert bill.total == pytest.approx(1800)


def test_closed_borders_cost_trips_and_hold_freight_back_by_district():
    bill = price_of(result(kept_from_crossing=[[1000, 0]] * 3))
    assert bill.quantity_of("gate_trip") == pytest.approx(600)
    assert bill.quantity_of("gate_freight") == pytest.approx(3000 * 0.045 * 0.25)
    assert set(bill.amounts("district")) == {(EAST,)}
    assert bill.amounts("payer") == {
        ("households",): pytest.approx(600 * 20),
        ("enterprises",): pytest.approx(33.75 * 65),
    }


def test_what_crossing_costs_is_set_by_hand_and_by_nothing_hidden():
    run = result(kept_from_crossing=[[1000, 0]] * 3, gate_tested=[[60, 60]] * 3)
    free = dict.fromkeys(("gate_minutes", "crossings_per_person_day", "freight_held"), 0.0)
    assert price_of(run, default().changed(**free)).is_empty
    assert price_of(run, default().changed(gate_wait=40)).total == pytest.approx(
        price_of(run).total + 120 * 20
    )


def test_nobody_has_checked_what_crossing_costs_and_the_file_says_so():
    rates = ("gate_minutes", "crossings_per_person_day", "tonnes_across_per_person_day")
    assert {*GATES, *rates, "freight_held"} <= set(default().unchecked())


@given(st.integers(0, 1000), st.integers(0, 500), st.integers(0, 500))
def test_more_tested_or_kept_from_crossing_never_costs_less(seed, tested, kept):
    run = busy(np.random.default_rng(seed))
    more = dict(run.daily)
    more["gate_tested"] = run.daily["gate_tested"] + tested
    more["kept_from_crossing"] = run.daily["kept_from_crossing"] + kept
    one, other = (
        price_of(result(daily=daily, workdays_lost=run.workdays_lost)).figures()
        for daily in (run.daily, more)
    )
    assert all(other[key] >= one[key] for key in GATES)
    assert other["total"] >= one["total"]
