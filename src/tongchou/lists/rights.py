"""Which roles may do what with the two lists. What names a unit is its people's alone."""

from tongchou.staff.roles import Role

#: May see the lists of their areas.
SEE = frozenset(Role) - {Role.SENTINEL}
#: May raise a problem: whoever sees one.
RAISE = frozenset(Role)
#: May assign a problem and close it with a reason, in their areas.
DECIDE = frozenset({Role.DUTY_OFFICER, Role.COMMANDER})
#: May set a task for units of their areas, and pass one down.
SET = frozenset({Role.DUTY_OFFICER, Role.COMMANDER, Role.DEPARTMENT, Role.CDC, Role.SUPERVISION})
#: May say that problems of several counties are the same.
JOIN = frozenset({Role.DUTY_OFFICER, Role.COMMANDER})
#: May carry the lists off, with a reason.
EXPORT = frozenset({Role.DUTY_OFFICER, Role.COMMANDER, Role.SUPERVISION, Role.STEWARD})
#: May look at the files of a task without being one of its two sides.
FILES = frozenset({Role.DUTY_OFFICER, Role.COMMANDER, Role.SUPERVISION})
#: May put changed deadlines forward.
PROPOSE = frozenset({Role.DUTY_OFFICER, Role.COMMANDER})
