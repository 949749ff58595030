from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.cities import PLACE_KINDS, cases_of, city_of, some_cases, stays
from tongchou.epi.trace import contacts, kinds
from tongchou.epi.trace.reference import Reference


def as_rows(pairs):
    columns = (
        pairs.case, pairs.person, pairs.meetings, pairs.minutes, pairs.shared_minutes,
        pairs.first, pairs.last, pairs.kinds,
    )  # fmt: skip
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@given(stays, some_cases, st.sampled_from([1, 15, 60]), st.sampled_from([kinds.ALL, 0b101]))
def test_the_kernel_and_duckdb_give_the_same_rows(visits, cases, min_minutes, mask):
    city, cases = city_of(visits, PLACE_KINDS), cases_of(*cases)
    longest = kinds.max_minutes().clip(1440)  # these stays keep to no kind's limit
    tables = contacts.Tables.of(city, longest)
    own = contacts.of_cases(tables, cases, min_minutes=min_minutes, mask=mask)
    expected = Reference.of(city).contacts(cases, min_minutes=min_minutes, mask=mask)
    assert as_rows(own) == expected
