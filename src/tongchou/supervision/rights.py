"""Which roles may do what at this desk. Handing over is the named unit's or the signer's."""

from tongchou.staff.roles import Role

#: See every inspection, finding and notice of their areas; everybody else those of their own units.
OVERSEE = frozenset({Role.SUPERVISION, Role.DUTY_OFFICER, Role.COMMANDER})
#: May plan inspections of others. Every unit may check itself.
PLAN = frozenset({Role.SUPERVISION, Role.DUTY_OFFICER, Role.COMMANDER})
#: May issue checklists.
CHECKLISTS = frozenset({Role.SUPERVISION, Role.STEWARD})
#: May check what was rectified, draft notices, compute evaluations and rule on objections.
SUPERVISE = frozenset({Role.SUPERVISION})
#: May sign notices and publish evaluations.
SIGN = frozenset({Role.SUPERVISION, Role.COMMANDER})
#: May carry inspections and findings off.
EXPORT = frozenset({Role.SUPERVISION, Role.COMMANDER})
