"""Side-by-side benchmarks: each file measures its anchor and itself in one run.

`tongchou bench [NAME] [--json]` runs them and writes the table in `bench/README.md`.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured comparison.

    Parameters
    ----------
    anchor, anchor_value, own_value
        What it is held against, and both measurements in `unit`, from the same run.
    ratio
        Own over anchor, so that the bound reads naturally.
    bound
        What the project promises, `<= 2` or `>= 0.5`; empty where it is only reported.
    """

    name: str
    engine: str
    anchor: str
    anchor_value: float
    own_value: float
    ratio: float
    bound: str
    unit: str
    note: str = ""

    @property
    def holds(self) -> bool:
        if not self.bound:
            return True
        sign, limit = self.bound.split()
        return self.ratio <= float(limit) if sign == "<=" else self.ratio >= float(limit)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"holds": self.holds}
