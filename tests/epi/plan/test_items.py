from tongchou.epi.plan.items import ITEMS, PAYERS
from tongchou.epi.spread.series import SERIES


def test_items_and_payers_have_words_and_units_in_both_languages():
    for lang in ("en", "zh-hans"):
        assert all(item.of(lang) and item.unit_of(lang) for item in ITEMS.values())
        assert all(party.of(lang) for party in PAYERS.values())


def test_items_are_counted_by_series_that_there_are():
    assert {item.series for item in ITEMS.values()} - {""} <= set(SERIES)


def test_what_is_not_money_has_somebody_who_bears_it():
    assert all(item.payer in PAYERS for item in ITEMS.values() if not item.money)


def test_nothing_of_a_life_is_money():
    lives = [item for item in ITEMS.values() if item.group in ("illness", "restricted", "school")]
    assert lives
    assert not any(item.money for item in lives)
