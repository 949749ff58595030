"""Numbers that counting does not give: round ones, impossible shares, sums among their parts."""

import numpy as np

from tongchou.epi.detect.series import Floats, Indices
from tongchou.epi.quality.findings import Finding

__all__ = ["denominators", "heaping", "totals"]


def heaping(new: Floats, *, at_least: int = 30, from_count: int = 20) -> list[Finding]:
    """Rows whose counts of `from_count` and more end in 0 or 5 far more than every fifth time.

    A normal tail of 5 standard deviations over 0.2, and a share of 0.4, are asked for.
    """
    large = np.nan_to_num(new) >= from_count
    n = large.sum(axis=1)
    round_ones = (large & (np.nan_to_num(new) % 5 == 0)).sum(axis=1)
    share = round_ones / np.maximum(n, 1)
    far = (share - 0.2) / np.sqrt(0.2 * 0.8 / np.maximum(n, 1))
    found = (n >= at_least) & (share >= 0.4) & (far >= 5)
    return [
        Finding(
            "heaping",
            (int(row),),
            0,
            new.shape[1] - 1,
            float(share[row]),
            "heaping.fives",
            0.9,
            {"counts": float(n[row])},
        )
        for row in np.flatnonzero(found)
    ]


def denominators(new: Floats, denominator: Floats) -> tuple[list[Finding], np.ndarray]:
    """Counts above their denominator, counts over none, and denominators far off their own median.

    Returns the findings and the days they concern, bool[n_series, n_times].
    """
    count = np.nan_to_num(new)
    known = ~np.isnan(denominator)
    above = known & (count > denominator) & (denominator > 0)
    over_none = known & (denominator <= 0) & (count > 0)
    absent = ~known & (count > 0) & known.any(axis=1, keepdims=True)
    usual = np.zeros(new.shape[0])
    some = known.sum(axis=1) >= 7
    usual[some] = np.nanmedian(denominator[some], axis=1)
    size = np.where(known, denominator, usual[:, None])
    off = known & some[:, None] & (usual[:, None] >= 20)
    off &= (size > 10 * usual[:, None]) | ((size < usual[:, None] / 10) & (size > 0))
    bad = np.zeros(new.shape, dtype=bool)
    findings = []
    kinds = (("above", above), ("none", over_none), ("absent", absent), ("off", off))
    for variant, flags in kinds:
        bad |= flags
        certainty = 0.7 if variant == "off" else 1.0
        for row in np.flatnonzero(flags.any(axis=1)):
            days = np.flatnonzero(flags[row])
            findings.append(
                Finding(
                    "denominator",
                    (int(row),),
                    int(days[0]),
                    int(days[-1]),
                    float(days.size),
                    f"denominator.{variant}",
                    certainty,
                    {"usual": float(usual[row])},
                )
            )
    return findings, bad


def totals(
    counts: Floats, group: Indices, *, at_least: float = 20, parts: int = 3
) -> list[Finding]:
    """Rows that hold the sum of the other rows of their group, on all days on which they speak.

    `group` is i64[n_series], -1 for none. Adding such a row to the others doubles the city.
    """
    value = np.maximum(np.nan_to_num(counts), 0.0)
    findings = []
    inside = np.flatnonzero(group >= 0)
    n_groups = int(group.max(initial=-1)) + 1
    sums = np.zeros((n_groups, counts.shape[1]))
    n_parts = np.zeros((n_groups, counts.shape[1]))
    np.add.at(sums, group[inside], value[inside])
    np.add.at(n_parts, group[inside], (value[inside] > 0).astype(float))
    spells: dict[tuple[int, int, int, bool], list[int]] = {}
    for row in inside:
        others = sums[group[row]] - value[row]
        told = ~np.isnan(counts[row]) & (n_parts[group[row]] - (value[row] > 0) >= parts)
        told &= others >= at_least
        close = np.abs(value[row] - others) <= 0.01 * others
        if told.any() and close[told].mean() >= 0.9:
            days = np.flatnonzero(told)
            exact = bool((value[row] == others)[told].all())
            key = (int(days[0]), int(days[-1]), days.size, exact)
            spells.setdefault(key, []).append(int(row))
    for (first, last, size, exact), rows in spells.items():
        certainty = 0.99 if exact and (size > 1 or len(rows) > 2) else 0.8
        findings.append(
            Finding("total", tuple(rows), first, last, float(size), "total.row", certainty)
        )
    return findings
