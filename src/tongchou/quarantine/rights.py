"""Which roles may do what at the quarantine desk. Handing over is the signer's, by the loop."""

from tongchou.staff.roles import Role

#: May write down results of tests and how somebody is.
CHECK = frozenset({Role.QUARANTINE_SITE, Role.COMMUNITY, Role.CDC, Role.HOSPITAL})
#: May say which site somebody is bound for.
ASSIGN = frozenset({Role.TRANSPORT, Role.QUARANTINE_SITE, Role.CDC, Role.DUTY_OFFICER})
#: May ask for another end, a release out of turn, or the end of a search.
PROPOSE = frozenset({Role.QUARANTINE_SITE, Role.COMMUNITY, Role.CDC, Role.PUBLIC_SECURITY})
#: May be the second of the two, and may answer an appeal.
SIGN = frozenset({Role.CDC, Role.DUTY_OFFICER, Role.COMMANDER})
#: May write down what the person says against the order.
APPEAL = CHECK | SIGN
#: May record the safety certificate of a site.
CERTIFY = frozenset({Role.CDC, Role.DUTY_OFFICER, Role.COMMANDER})
