"""Who a text is about."""

from datetime import date

import pytest

from tongchou.epi.trace import itinerary
from tongchou.epi.trace.itinerary import people


def read(text: str) -> tuple[itinerary.Person, ...]:
    return itinerary.read(text, on=date(2022, 1, 6)).people


@pytest.mark.parametrize(
    ("words", "years"),
    [("23岁", 23), ("3岁4个月", 3.33), ("1958年出生", 64), ("8个月大", 0.67), ("54周岁", 54)],
)
def test_an_age_is_in_years(words: str, years: float) -> None:
    (person,) = read(f"病例1，男，{words}，现住柳林镇。")

    assert person.age is not None and person.age.value == years


@pytest.mark.parametrize(
    ("words", "sex"), [("男", "male"), ("女性", "female"), ("性别女", "female")]
)
def test_a_sex_is_male_or_female(words: str, sex: str) -> None:
    (person,) = read(f"病例1，{words}，30岁。")

    assert person.sex is not None and person.sex.value == sex


@pytest.mark.parametrize("words", ["女儿", "男友", "妇女", "子女", "母女", "孙女", "病例1之女"])
def test_relatives_are_no_sex(words: str) -> None:
    assert [m for m in people.marks(words, words) if m.value == "sex"] == []


def test_labels_names_and_residence_are_of_the_person() -> None:
    first, second = read(
        "确诊病例12：王某某，女，40岁，现住青石县柳林镇。患者十三：男，7岁，系病例12之子。"
    )

    assert (first.label, first.name and first.name.text) == ("病例12", "王某某")
    assert first.residence is not None and first.residence.text == "青石县柳林镇"
    assert second.label is not None and people.label_number(second.label) == 13


def test_a_case_that_is_only_mentioned_is_nobody_new() -> None:
    assert len(read("病例1：男，30岁，1月2日由病例4陪同到医院。病例4随后被隔离。")) == 1


def test_a_text_without_labels_is_about_the_one_whose_age_it_gives() -> None:
    (person,) = read("新增1例，李某，33岁，女性，1月2日到柳林镇。")

    assert person.age is not None and person.age.value == 33


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("系主动就诊发现", "clinic"),
        ("为外省协查人员", "assist_request"),
        ("在集中隔离点检出阳性", "quarantine"),
        ("系病例1的密切接触者", "close_contact"),
        ("为社会面筛查发现", "community_screening"),
        ("为入境人员", "arrival_screening"),
        ("与确诊病例有接触史", "contact_of_case"),
    ],
)
def test_how_somebody_was_found(words: str, how: str) -> None:
    (person,) = read(f"病例3，男，30岁，{words}。")

    assert person.how_found is not None and person.how_found.value == how
