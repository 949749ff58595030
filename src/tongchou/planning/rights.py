"""Which roles may do what at this desk. No person is in any of its figures."""

from tongchou.staff.roles import Role

#: May look at scenarios, studies and forecasts of their areas.
SEE = frozenset({Role.CDC, Role.COMMANDER, Role.DUTY_OFFICER})
#: May write scenarios and have studies made.
MAKE = frozenset({Role.CDC, Role.COMMANDER})
#: May put a plan forward as a playbook, where they are posted to a whole city.
PROPOSE = frozenset({Role.CDC, Role.COMMANDER})
