"""Which roles may do what at this desk. Handing over is the signer's, by the loop."""

from tongchou.staff.roles import Role

#: May enter or correct counts of the sites in their areas.
COUNT = frozenset({Role.SENTINEL, Role.CDC, Role.STEWARD})
#: May say that a count will not come, and why.
EXCUSE = frozenset({Role.SENTINEL, Role.CDC})
#: May enter sites, duties and senders.
REGISTER = frozenset({Role.CDC, Role.STEWARD})
#: May change from which p a channel alarms.
THRESHOLDS = frozenset({Role.CDC})
#: May carry signals and counts off; no leads, there is no export of them.
EXPORT = frozenset({Role.CDC, Role.COMMANDER, Role.STEWARD})
#: May note leads, by kind.
NOTE = {
    "antigen": frozenset({Role.COMMUNITY, Role.CDC, Role.HOSPITAL}),
    "purchase": frozenset({Role.COMMUNITY, Role.CDC}),
    "fever": frozenset({Role.HOSPITAL, Role.CDC}),
}
#: May see leads on persons, by kind: who has to do with them, and nobody above.
SEE = {
    "antigen": frozenset({Role.COMMUNITY, Role.CDC, Role.TRACER, Role.PUBLIC_SECURITY}),
    "purchase": frozenset({Role.COMMUNITY, Role.CDC}),
    "fever": frozenset({Role.HOSPITAL, Role.CDC, Role.TRACER}),
}
