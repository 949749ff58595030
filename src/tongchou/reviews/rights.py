"""Which roles may do what with reviews. Handing over is the signer's, by the loop."""

from tongchou.staff.roles import Role

#: May read the reviews of their areas.
SEE = frozenset({Role.CDC, Role.TRACER, Role.DUTY_OFFICER, Role.COMMANDER, Role.SUPERVISION})
#: May write findings, and begin a review of a cluster or a campaign.
WRITE = frozenset({Role.CDC})
#: May enter and withdraw lessons.
LEARN = frozenset({Role.CDC, Role.COMMANDER, Role.SUPERVISION})
#: May carry reviews off as a file, with a reason.
EXPORT = frozenset({Role.CDC, Role.COMMANDER, Role.SUPERVISION, Role.STEWARD})
