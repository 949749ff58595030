import pickle
import re

import pytest

from tongchou.epi.plan.items import ITEMS, PAYERS
from tongchou.epi.plan.prices import PricesError, default, read

OWN = """
extends = "cn-2022"
id = "our-city"
[price.facility_day]
value = 320
payer = { city = 0.5, households = 0.5 }
source = "our contracts of May"
truth = "verified"
"""


def complaint(text: str) -> str:
    with pytest.raises(PricesError) as told:
        read(text, file="own.toml")
    return str(told.value)


def with_price(row: str) -> str:
    return f'extends = "cn-2022"\n[price.antigen]\n{row}\n'


def test_every_figure_that_ships_says_where_it_is_from():
    prices = default()
    figures = [*prices.price.values(), *prices.rate.values(), prices.life_source]
    assert all(len(figure.source) > 10 and figure.truth for figure in figures)


def test_ten_in_a_tube_cost_the_ceiling_of_a_mass_round():
    tube, swab = (default().price[key].value for key in ("pcr_tube", "pcr_swab"))
    assert (tube + 10 * swab) / 10 == pytest.approx(3.5, abs=0.02)
    assert tube + swab == 16


def test_prices_know_which_of_them_nobody_has_checked():
    assert "transfer" in default().unchecked()
    assert "antigen" not in default().unchecked()


def test_a_file_says_only_what_differs():
    prices = read(OWN)
    assert prices.id == "our-city"
    assert prices.price["facility_day"].value == 320
    assert prices.price["facility_day"].payer == (("city", 0.5), ("households", 0.5))
    assert prices.price["antigen"] == default().price["antigen"]


def test_a_file_that_extends_nothing_must_say_everything():
    said = complaint('id = "bare"\n[price]\n')
    assert "own.toml: price.antigen: is missing. Add it, or write extends" in said
    assert "own.toml: rate: is missing." in said
    assert "own.toml: life: is missing." in said


def test_a_price_below_nothing_is_refused():
    row = 'value = -3\npayer = { city = 1 }\nsource = "x"\ntruth = "memory"'
    assert complaint(with_price(row)) == (
        "own.toml: price.antigen.value: is -3. Give a number from 0 up."
    )


def test_every_fault_is_named_at_once():
    said = complaint(with_price('value = "dear"\ntruth = "sure"')).split("\n")
    keys = [re.match(r"own.toml: (\S+):", line)[1] for line in said]
    assert keys == [f"price.antigen.{key}" for key in ("value", "source", "truth", "payer")]


def test_the_shares_of_those_who_pay_add_up():
    row = 'value = 3\npayer = { city = 0.5, insurance = 0.4 }\nsource = "x"\ntruth = "memory"'
    assert "price.antigen.payer: the shares add up to 0.9. Make them" in complaint(with_price(row))


def test_a_payer_nobody_knows_is_refused():
    row = 'value = 3\npayer = { mayor = 1 }\nsource = "x"\ntruth = "memory"'
    assert f"Take one of: {', '.join(PAYERS)}" in complaint(with_price(row))
    row = 'value = 3\npayer = { city = 2 }\nsource = "x"\ntruth = "memory"'
    assert "price.antigen.payer.city: is 2. Give a number from 0 to 1" in complaint(with_price(row))


@pytest.mark.parametrize("item", [key for key, item in ITEMS.items() if not item.money])
def test_what_is_not_money_cannot_be_given_a_price(item):
    said = complaint(f'extends = "cn-2022"\n[price.{item}]\nvalue = 1\n')
    assert "are counted and never priced" in said


def test_work_has_no_price_but_what_the_sectors_say():
    said = complaint('extends = "cn-2022"\n[price.work_zone]\nvalue = 1\n')
    assert "Change rate.value_scale" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extends = "cn-1999"', "extends: 'cn-1999' is not known. Say one of: cn-2022."),
        ("id = 3", "id: is not a text"),
        ('title = "Prices"', "title: needs words in both languages"),
        ("price = 3", "price: is not a table"),
        ("colour = 3", "colour: is not known here"),
        ("price.antigen = 3", "price.antigen: has no provenance"),
        ("rate.luck = 3", "rate.luck: is not known here"),
        (
            "[rate.caught_up]\nvalue = 1.2",
            "rate.caught_up.value: is 1.2. Give a number from 0 to 1",
        ),
        ("[rate.workdays_a_year]\nvalue = 0", "A year has days of work"),
        ("[rate.pay_lost]\nprice = 0", "rate.pay_lost.price: is not known here"),
        ("[rate.pay_lost]\nsource = 'x'", "rate.pay_lost.value: is missing"),
        ("life.left = [1, 2]", "life.left: has 2 numbers. Give 18"),
        ("life = 3", "life.left: is missing"),
        ("price = [", "not TOML"),
    ],
)
def test_a_fault_is_told_with_its_key_and_how_to_mend_it(text, said):
    assert said in complaint(text if "extends" in text else f'extends = "cn-2022"\n{text}')


def test_another_life_table_replaces_the_one_that_ships():
    left = ", ".join(["10"] * 18)
    life = f'[life]\nleft = [{left}]\nsource = "ours"\ntruth = "computed"'
    prices = read(f'extends = "cn-2022"\n{life}')
    assert prices.life_left == (10.0,) * 18
    assert prices.life_source.source == "ours"


def test_a_value_changed_by_hand_says_so():
    prices = default().changed(antigen=4, caught_up=0.5)
    assert prices.price["antigen"].value == 4
    assert prices.rate["caught_up"].source == "set by hand"
    assert default().price["antigen"].value == 6


def test_a_change_of_what_is_not_there_is_refused():
    with pytest.raises(PricesError, match="anti: is not known here"):
        default().changed(anti=4)
    with pytest.raises(PricesError, match="caught_up: is 2. Give a number from 0 to 1"):
        default().changed(caught_up=2)


def test_prices_go_to_another_process_whole():
    assert pickle.loads(pickle.dumps(default())) == default()
