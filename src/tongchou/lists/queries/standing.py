"""Who may act for a unit: its people; and where nobody of it is left, the duty officer there."""

from datetime import datetime

from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope, on_post


def deserted(unit: Unit, *, now: datetime) -> bool:
    """Whether nobody is on duty for this unit: the owner left, and nobody came."""
    return not on_post(now).filter(unit=unit).exists()


def acts_for(unit: Unit, scope: Scope, *, now: datetime) -> bool:
    """Whether the scope may act for `unit`: as its people, or standing in where it has none.

    Where its area was merged, the area that took over counts too.
    """
    return unit.pk in scope.answers_for
