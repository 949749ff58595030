"""People who were exposed stay apart until a day that is known from the start (隔离)."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares


@dataclass(frozen=True, slots=True)
class Quarantine:
    """How contacts are held, counted in days from the last exposure (the day of the order at most).

    Parameters
    ----------
    facility_days, home_days
        Days in a facility, and after them days at home.
    secondary_facility_days, secondary_home_days
        The same for contacts of contacts.
    rooms
        Rooms in facilities; who finds none is quarantined at home for the whole time.
    adherence
        Share of people who keep to quarantine at home. Nobody leaves a facility but `escape`.
    escape
        Share of people in a facility who meet others all the same.
    home_household, home_outside
        What is left of contacts within the household and of all others, at home, adhering.
    facility_household, facility_outside
        The same in a facility.
    test_days
        Days of quarantine (1 is the first) on which a PCR test is taken.
    sensitivity, result_days
        Of those tests.
    """

    facility_days: int = 0
    home_days: int = 0
    secondary_facility_days: int = 0
    secondary_home_days: int = 0
    rooms: float = UNLIMITED
    adherence: float = 1.0
    escape: float = 0.0
    home_household: float = 1.0
    home_outside: float = 0.0
    facility_household: float = 0.0
    facility_outside: float = 0.0
    test_days: tuple[int, ...] = ()
    sensitivity: float = 0.9
    result_days: int = 1

    def __post_init__(self) -> None:
        at_least(self, 0, "facility_days", "home_days", "rooms", "result_days")
        at_least(self, 0, "secondary_facility_days", "secondary_home_days")
        shares(self, "adherence", "escape", "home_household", "home_outside")
        shares(self, "facility_household", "facility_outside", "sensitivity")
        if any(day < 1 for day in self.test_days):
            raise ValueError("quarantine.test_days count from 1, the first day")
