"""Which roles may do what at the tracing desk. Handing over is the signer's, by the loop."""

from tongchou.staff.roles import Role

#: May list contacts, change a tier, and write the itinerary down.
TRACE = frozenset({Role.TRACER, Role.CDC})
#: May record core facts where the case was out of reach and public security found them.
FACTS = frozenset({Role.TRACER, Role.CDC, Role.PUBLIC_SECURITY})
MOVE = frozenset({Role.TRACER, Role.CDC, Role.COMMUNITY, Role.DUTY_OFFICER})
EXPORT = frozenset({Role.CDC, Role.TRACER, Role.COMMANDER, Role.STEWARD})
