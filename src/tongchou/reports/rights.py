"""Which roles may do what in this room. Signing and receiving are the named unit's, by the loop."""

from tongchou.staff.roles import Role

#: May read the reports of their areas. What is in them names nobody.
SEE = frozenset(Role) - {Role.SENTINEL}
#: May set who owes a report, and at which hour.
SET_HOURS = frozenset({Role.DUTY_OFFICER, Role.COMMANDER})
#: The headquarters of an area: they correct its signed report, and excuse those from below.
STEER = frozenset({Role.DUTY_OFFICER, Role.COMMANDER})
#: May enter a request for numbers into the register: whoever is asked for them.
ASK = frozenset(Role)
#: May carry the register off.
EXPORT = frozenset({Role.DUTY_OFFICER, Role.COMMANDER, Role.SUPERVISION, Role.STEWARD})
