"""Two answers side by side: who pays how much more, and what else differs."""

from dataclasses import dataclass

from tongchou.planning import showing
from tongchou.planning.findings import Number, Summary

__all__ = ["Compared", "Pair", "compared"]


@dataclass(frozen=True)
class Pair:
    """One number of both; the difference is of the means."""

    label: str
    unit: str
    a: Number
    b: Number

    @property
    def difference(self) -> float:
        return self.b.mean - self.a.mean

    @property
    def apart(self) -> bool:
        """Whether nine of ten runs of one lie beyond nine of ten of the other."""
        return self.a.low > self.b.high or self.b.low > self.a.high

    @property
    def share(self) -> float | None:
        return self.difference / self.a.mean if self.a.mean else None


@dataclass(frozen=True)
class Compared:
    """What differs, part by part."""

    headlines: tuple[Pair, ...]
    payers: tuple[Pair, ...]
    counted: tuple[Pair, ...]
    alike: bool  # whether both speak of the same city and the same days


def compared(a: Summary, b: Summary) -> Compared:
    from tongchou.epi.plan.items import ITEMS, PAYERS

    language = "zh" if showing.zh() else "en"
    payers = [
        Pair(payer.of(language), "", a.numbers[f"cost.{key}"], b.numbers[f"cost.{key}"])
        for key, payer in PAYERS.items()
    ]
    return Compared(
        headlines=_pairs(a, b, (*showing.HEADLINES, showing.MISSED)),
        payers=tuple(pair for pair in payers if pair.a.high or pair.b.high),
        counted=_pairs(a, b, tuple(f"cost.{k}" for k, item in ITEMS.items() if not item.money)),
        alike=(a.people, a.days) == (b.people, b.days),
    )


def _pairs(a: Summary, b: Summary, names: tuple[str, ...]) -> tuple[Pair, ...]:
    pairs = []
    for name in names:
        if name in a.numbers and name in b.numbers:
            one, other = showing.line(a, name), b.numbers[name]
            if one.number.high or other.high:
                pairs.append(Pair(one.label, one.unit, one.number, other))
    return tuple(pairs)
