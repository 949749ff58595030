"""What a playbook does not decide: how people behave and what a city manages, as assumed.

A scenario overrides any of it, and `delays` measured from the ledger take the place of those of
the playbook. None of these numbers is a rule, and none was measured here: each is an assumption
to be argued about, with its reason.
"""

from typing import Final

from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.masks import Masks
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.testing import Testing
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.policy import Policy, Response

__all__ = ["USUAL"]

_PEACE: Final = Response(
    # Of those with symptoms one in five is tested each day: half within three days of onset.
    testing=Testing(symptomatic=0.2, sensitivity=0.9, result_days=1),
    # Household and class are known by name, colleagues mostly; strangers on a bus hardly.
    tracing=Tracing(
        completeness=(0.98, 0.9, 0.8, 0.3, 0.2, 0.1, 0.2), secondary=0.5, cases_per_tracer=0.5
    ),
    # Who is told to stay at home mostly does; the household cannot be kept apart.
    quarantine=Quarantine(adherence=0.9, home_household=0.8, home_outside=0.05, sensitivity=0.9),
    isolation=Isolation(household=0.0, outside=0.0, home_household=0.8, home_outside=0.1),
    masks=Masks(share=0.6),
)
_WAR: Final = Response(
    # People come sooner while there are cases next door: half within a day and a half.
    testing=Testing(symptomatic=0.4, sensitivity=0.9, result_days=1),
    tracing=_PEACE.tracing,
    quarantine=_PEACE.quarantine,
    isolation=_PEACE.isolation,
    masks=Masks(share=0.9),
)

#: Assumed where neither playbook nor scenario says otherwise.
USUAL: Final = Policy(peace=_PEACE, war=_WAR)
