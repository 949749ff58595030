"""Parts of addresses. `<key:pk>` is the number of a record: one no record can have is not found.

Django's own `int` takes any number of digits, and the database then refuses what it cannot hold.
"""

from django.urls import register_converter
from django.urls.converters import IntConverter


class Key(IntConverter):
    """Up to 18 digits; a 64-bit key has 19, and no table will ever get there."""

    regex = "[0-9]{1,18}"


register_converter(Key, "key")
