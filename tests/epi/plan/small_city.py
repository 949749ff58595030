"""A city of three thousand and a policy that does a little of everything, for runs of real size."""

from dataclasses import replace

import numpy as np

from tongchou.epi.plan.scenario import Place, Scenario
from tongchou.epi.spread.course import AGES, plain
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.stages import Stages
from tongchou.epi.spread.measures.testing import Testing
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.population import preset
from tongchou.epi.spread.spells import Spell

PLAIN = plain("small", latent=Spell(2, 1), infectious=Spell(6, 2), r0=None, beta=0.04)
DAYS = {"infectious_to_symptoms": Spell(1, 0.5), "recovery_mild": Spell(5, 2)}
ILL = np.full(AGES, 0.7)
COURSE = replace(
    PLAIN,
    spells=dict(PLAIN.spells) | DAYS | {"recovery_severe": Spell(9, 2)},
    p_symptomatic=ILL,
    p_severe=np.full(AGES, 0.1),
)
RESPONSE = Response(
    testing=Testing(symptomatic=0.4, severe=1.0, result_days=1),
    tracing=Tracing(completeness=(1.0, 0.9, 0.8, 0.4, 0.3, 0.1, 0.3), delay_days=(1,) * 7),
    quarantine=Quarantine(facility_days=7, test_days=(1, 4, 7)),
    isolation=Isolation(share=1.0, transfer_days=1),
    zones=Zones(unit="compound", trigger_cases=1, lockdown_days=5, control_days=3),
    rounds=Rounds(trigger_cases=2, interval_days=2, unit="community"),
)
POLICY = Policy(peace=RESPONSE, war=RESPONSE, stages=Stages(war_cases=1))


def small(**given):
    asked = {
        "name": "small",
        "place": Place(preset("china-city"), people=3000),
        "course": COURSE,
        "policy": POLICY,
        "infections": 4,
        "days": 40,
    }
    return Scenario(**(asked | given))
