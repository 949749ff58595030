"""Which roles may do what at this desk. Handing over is the named unit's, by the loop."""

from tongchou.staff.roles import Role

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
