"""Zones, as small and as short as can be (封控、管控、防范区): drawn by rule, lifted by rule."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least, one_of, shares

UNITS = ("building", "compound", "grid", "community", "district")


@dataclass(frozen=True, slots=True)
class Zones:
    """When a unit is closed off, what that leaves of contacts, and when it must be opened.

    Parameters
    ----------
    unit
        The smallest unit to lock down. The next coarser one becomes the control zone.
    trigger_cases
        Cases found outside quarantine in the unit within `window_days`; 0: no zones.
    window_days
        See above.
    lockdown_days, control_days, precaution_days
        Clean days (no new case outside quarantine) after which lockdown becomes control, control
        becomes precaution, and precaution ends; 0 skips the level.
    outside
        What is left of contacts outside the household under lockdown.
    control_outside, precaution_outside
        The same in the other two levels.
    test_every_days
        Everybody in a lockdown or control zone is tested (singly pooled rounds) so often; 0: never.
    """

    unit: str = "compound"
    trigger_cases: int = 0
    window_days: int = 7
    lockdown_days: int = 7
    control_days: int = 7
    precaution_days: int = 7
    outside: float = 0.1
    control_outside: float = 0.4
    precaution_outside: float = 0.8
    test_every_days: int = 0

    def __post_init__(self) -> None:
        one_of(self, "unit", UNITS)
        at_least(self, 0, "trigger_cases", "test_every_days")
        at_least(self, 0, "lockdown_days", "control_days", "precaution_days")
        at_least(self, 1, "window_days")
        shares(self, "outside", "control_outside", "precaution_outside")
