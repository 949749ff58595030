"""Reporting somebody who is perhaps not known yet: the person and the case in one act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tongchou.areas.models import Area
from tongchou.cases import actions
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.people import actions as people
from tongchou.people.models import Person
from tongchou.staff.models import User
from tongchou.staff.queries import Scope


@transaction.atomic
def report_somebody(
    *,
    who: Person | Mapping[str, Any],
    area: Area,
    facts: Facts,
    by: User,
    scope: Scope,
    now: datetime,
) -> Case:
    """Register the person, or take the one known, and report the case.

    `who` is a person, or their details as `people.actions.register` takes them.
    """
    if isinstance(who, Person):
        person = who
    else:
        person = people.register(by=by, now=now, area=area, **who).person
    unit = next(iter(sorted(scope.units)), None)
    return actions.report(person=person, area=area, facts=facts, by=by, now=now, reporter_id=unit)
