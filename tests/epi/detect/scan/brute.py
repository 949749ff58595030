"""The scan as its definition reads: every cylinder, one after the other, in plain NumPy."""

import numpy as np

EARTH_KM = 6371.0088


def llr(cases, due, total):
    if cases <= due:
        return 0.0
    outside = (total - cases) * np.log((total - cases) / (total - due)) if cases < total else 0.0
    return cases * np.log(cases / due) + outside


def due_by_margins(counts):
    """Permutation model, every day reported."""
    return np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()


def due_by_people(counts, people):
    seen = ~np.isnan(counts)
    share = people[:, None] * seen
    return share / share.sum() * np.nansum(counts)


def cylinders(counts, longitude, latitude, due, *, days, weight, share, radius, least):
    """(ratio, areas, days) of every cylinder with enough cases, nearest areas first."""
    east, north = np.radians(longitude), np.radians(latitude)
    filled, total = np.nan_to_num(counts), np.nansum(counts)
    for centre in range(len(counts)):
        half = np.sin((north - north[centre]) / 2) ** 2 + np.cos(north) * np.cos(north[centre]) * (
            np.sin((east - east[centre]) / 2) ** 2
        )
        km = np.round(2 * EARTH_KM * np.arcsin(np.sqrt(half)), 6)
        order = np.argsort(km, kind="stable")
        for size in range(1, len(counts) + 1):
            zone = order[:size]
            if share is not None and weight[zone].sum() > share * weight.sum() * (1 + 1e-12):
                break
            if radius is not None and km[zone[-1]] > radius:
                break
            for last in range(1, days + 1):
                cases = filled[zone, -last:].sum()
                if cases >= least:
                    ratio = llr(cases, due[zone, -last:].sum(), total)
                    yield ratio, frozenset(zone.tolist()), last


def clusters(every, most):
    """The best, then the best that shares no area with those before."""
    every, taken, found = list(every), frozenset(), []
    while len(found) < most:
        free = [one for one in every if one[0] > 0 and not one[1] & taken]
        if not free:
            break
        best = max(free, key=lambda one: one[0])
        found.append(best)
        taken |= best[1]
    return found
