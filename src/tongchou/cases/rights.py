"""Which roles may do what with a case. Seeing one needs a post in its area, and nothing else."""

from tongchou.staff.roles import Role

REPORT = frozenset({Role.CDC, Role.HOSPITAL, Role.TRACER, Role.QUARANTINE_SITE})
CLASSIFY = frozenset({Role.CDC, Role.HOSPITAL})
CORRECT = frozenset({Role.CDC, Role.HOSPITAL, Role.TRACER})
MOVE = frozenset({Role.CDC, Role.DUTY_OFFICER})
LINK = frozenset({Role.CDC, Role.TRACER})
DOCUMENTS = frozenset({Role.CDC, Role.HOSPITAL, Role.TRACER})
EXPORT = frozenset({Role.CDC, Role.COMMANDER, Role.STEWARD})
