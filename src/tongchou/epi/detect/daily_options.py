"""What can be asked of the daily model, and of the same model for weeks."""

from dataclasses import dataclass

from tongchou.epi.detect.windows import smallest_for

__all__ = ["Daily", "Weekly"]


@dataclass(frozen=True)
class Daily:
    """How the daily model is fitted and judged.

    Attributes
    ----------
    windows
        Days of the windows, the shortest first; all end on the day that is judged.
    alpha
        False alarms per day and series: the bound on the p-value.
    history
        Days that a fit looks back.
    gap
        At least so many days before the judged one do not enter its fit, lest an outbreak explain
        itself.
    least
        Reported days without which nothing is said.
    harmonics, trend, year
        Waves of the season, whether there is a trend, and days in a year. Epidemics of every
        winter are sharper than two waves. History shorter than a year has neither season nor
        trend, and shorter than a year and a half one wave.
    refit
        Days that share a fit, counted by the calendar (`daily_fits.blocks`): the fit is up to
        `refit` - 1 days older than `gap`.
    recurring
        Whether a day is expected to be odd that was odd in the same direction, by more than two
        standard deviations, on its date in each of the two or more years before: a holiday that
        nobody wrote down.
    week, step
        Columns of the weekly cycle (1: none) and days from one column to the next.
    refits
        Rounds in which past outbreaks are pulled in (see `batched_glm.fit`).
    """

    windows: tuple[int, ...] = (1, 2, 3, 5, 7)
    alpha: float = 0.01
    history: int = 1095
    gap: int = 14
    least: int = 56
    harmonics: int = 3
    trend: bool = True
    year: float = 365.25
    refit: int = 28
    refits: int = 2
    recurring: bool = True
    week: int = 7
    step: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise ValueError(f"alpha is a share between 0 and 0.5, not {self.alpha}")
        if self.gap < 0 or self.refit < 1 or self.harmonics < 0 or self.refits < 0:
            raise ValueError("gap, harmonics and refits are zero or more, refit is one or more")
        if not 4 * self.week <= self.least <= self.history:
            raise ValueError(
                f"least must lie between {4 * self.week} and history, not {self.least}"
            )
        smallest_for(self.alpha, self.windows)


@dataclass(frozen=True)
class Weekly(Daily):
    """The same for weekly counts: five years back, windows of one and two weeks."""

    windows: tuple[int, ...] = (1, 2)
    alpha: float = 0.013
    history: int = 261
    gap: int = 8
    least: int = 52
    year: float = 365.25 / 7
    harmonics: int = 2
    refit: int = 1
    recurring: bool = False
    week: int = 1
    step: int = 7
