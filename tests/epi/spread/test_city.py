import pickle
from dataclasses import replace

import numpy as np
import pytest

from tongchou.epi.spread.city import City, tiny


@pytest.fixture
def city() -> City:
    return tiny()


def test_a_unit_is_a_range_of_people(city: City) -> None:
    assert city.people_in("community", 1) == range(6, 12)
    assert city.people_in("household", 0) == range(3)
    assert city.n_units("district") == 1 == city.n_districts


def test_everybody_lives_in_one_unit_of_each_kind(city: City) -> None:
    assert city.unit_of("community", [0, 5, 6, 11]).tolist() == [0, 0, 1, 1]
    assert city.unit_of("household", np.arange(12)).tolist() == city.household.tolist()


def test_a_member_of_a_group_sits_on_the_seat(city: City) -> None:
    seated = np.flatnonzero(city.seat >= 0)
    assert city.member[city.seat[seated]].tolist() == seated.tolist()


def test_nobody_can_change_a_city(city: City) -> None:
    with pytest.raises(ValueError, match="read-only"):
        city.age[0] = 3
    with pytest.raises(ValueError, match="read-only"):
        city.unit_start["building"][0] = 3


def test_a_stranger_has_no_unit(city: City) -> None:
    with pytest.raises(ValueError, match="numbered 0 to 11"):
        city.unit_of("building", [12])
    with pytest.raises(ValueError, match="community 2 is none of 0 to 1"):
        city.people_in("community", 2)


def test_an_unknown_unit_names_those_there_are(city: City) -> None:
    with pytest.raises(ValueError, match="no unit 'street'; it has: household, building"):
        city.n_units("street")


def test_a_compound_that_cuts_through_a_building_is_refused(city: City) -> None:
    units = dict(city.unit_start) | {"compound": np.array([0, 3, 12], np.int32)}
    with pytest.raises(ValueError, match="a compound of the city cuts through"):
        replace(city, unit_start=units)


def test_an_empty_household_is_refused(city: City) -> None:
    with pytest.raises(ValueError, match="household_start must rise from 0 to 12"):
        replace(city, household_start=np.array([0, 3, 3, 6, 7, 12], np.int32))


def test_an_array_of_another_type_is_refused(city: City) -> None:
    with pytest.raises(ValueError, match=r"age of a city must be uint8\[n\]"):
        replace(city, age=city.age.astype(np.int64))


def test_arrays_of_unlike_length_are_refused(city: City) -> None:
    with pytest.raises(ValueError, match="rides of a city has 11 entries where 12 belong"):
        replace(city, rides=city.rides[:11])
    with pytest.raises(ValueError, match="district_name of a city has 2 entries where 1"):
        replace(city, district_name=("East", "West"))


def test_units_must_be_all_there(city: City) -> None:
    with pytest.raises(ValueError, match="a city has starts of"):
        replace(city, unit_start={"building": city.unit_start["building"]})


def test_groups_out_of_order_are_refused(city: City) -> None:
    with pytest.raises(ValueError, match="in order of their community"):
        replace(city, group_community=np.array([1, 0, 0], np.int32))


def test_the_fingerprint_tells_cities_apart(city: City) -> None:
    older = city.age.copy()
    older[0] += 1
    assert city.fingerprint() == tiny().fingerprint()
    assert city.fingerprint() != replace(city, age=older).fingerprint()
    assert city.fingerprint() != replace(city, name="other").fingerprint()


def test_a_city_travels_to_another_process(city: City) -> None:
    assert pickle.loads(pickle.dumps(city)).fingerprint() == city.fingerprint()


def test_the_bytes_of_a_person_are_counted(city: City) -> None:
    total = sum(array.nbytes for _, array in city.arrays())
    assert city.bytes_per_person == pytest.approx(total / 12)
