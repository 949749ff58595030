"""Which roles may do what at this desk. Handing over is the named unit's, by the loop."""

from collections.abc import Collection

from tongchou.areas.models import Area
from tongchou.staff import reach
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope
from tongchou.staff.roles import Role

#: Who commands an area: what any unit there writes and signs, they may write and sign too.
STEER = frozenset({Role.COMMANDER, Role.DUTY_OFFICER})

#: May see the decision log, meetings, and drafts of their areas.
SEE = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT, Role.CDC, Role.SUPERVISION})
#: May call meetings, put questions forward and draft orders.
WRITE = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT, Role.CDC})
#: May enter what was decided; the name under it is a commander's or a head's.
RECORD = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT})
#: May decide, and sign orders and minutes. A county's headquarters is its duty officer's unit.
SIGN = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT})
#: May write rosters.
ROSTER = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT, Role.CDC})
#: May lead a shift of their area beside the unit's own people (带班领导).
LEAD = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT})
#: May carry lists off.
EXPORT = frozenset({Role.COMMANDER, Role.DUTY_OFFICER, Role.DEPARTMENT, Role.SUPERVISION})


def acts(scope: Scope, roles: Collection[str], unit: Unit, area: Area) -> bool:
    """Whether the scope may do for `unit` in `area` what `roles` may.

    Whoever commands the area may; a department only for itself, though its post covers the city.
    For a unit with nobody left whoever stands in for it may.
    """
    if reach.covers(scope, STEER & frozenset(roles), area):
        return True
    own = Scope(tuple(post for post in scope.posts if post[2] == unit.pk))
    return unit.pk in scope.left or reach.covers(own, roles, area)
