"""A number no record can have leads to a page that is not there, and never to a broken one."""

import re

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve


def patterns(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        found += [path] if isinstance(each, URLPattern) else patterns(each, path)
    return found


ROUTES = sorted({route for route in patterns(get_resolver()) if "<key:" in route})


def test_no_address_takes_numbers_of_any_length():
    assert [route for route in patterns(get_resolver()) if "<int:" in route] == []


@pytest.mark.parametrize("digits", [20, 400])
def test_a_number_no_record_can_have_is_not_found(digits):
    assert len(ROUTES) > 100
    for route in ROUTES:
        address = "/" + re.sub(r"<[^>]+>", "9" * digits, route)
        with pytest.raises(Resolver404):
            resolve(address)
