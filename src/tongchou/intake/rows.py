"""Rows for `bulk_load` as dictionaries: what is not said gets the field's default."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import models
from django.db.models import NOT_PROVIDED

from tongchou.records.bulk import bulk_load


def load(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows given by attribute name (`area_id`), primary key included; how many."""
    names, defaults = _shape(model)
    return bulk_load(
        model,
        names,
        ([row.get(n, d) for n, d in zip(names, defaults, strict=True)] for row in rows),
    )


@cache
def _shape(model: type[models.Model]) -> tuple[list[str], list[Any]]:
    # A column with a default of the database's own is left to the database.
    fields = [f for f in model._meta.concrete_fields if f.db_default is NOT_PROVIDED]
    return [f.attname for f in fields], [f.get_default() for f in fields]
