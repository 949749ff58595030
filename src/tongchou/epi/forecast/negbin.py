"""Quantiles of the negative binomial, for kernels.

Kernels of other files keep a copy of these: who changes this file empties their cache.
"""

import numpy as np

from tongchou.epi.detect.series import Floats
from tongchou.kit.compiled import kernel

__all__ = ["negbin_quantiles", "normal_quantile"]


@kernel
def negbin_quantiles(mean: float, inverse_size: float, levels: Floats, out: Floats) -> None:
    """Quantiles of a negative binomial with variance mean + inverse_size mean²; levels rising.

    Below a mean of 300 by adding up probabilities; above, those of the gamma law behind it with
    Poisson's variance added (Wilson-Hilferty), which is within a few thousandths there.
    """
    if mean < 300.0:
        r = 1.0 / max(inverse_size, 1e-6)
        success = r / (r + mean)
        log_p = r * np.log(success)
        p = np.exp(log_p)
        below, k, place = p, 0, 0
        ratio = 1.0 - success
        while place < levels.size:
            if below >= levels[place] or k > 200_000:
                out[place] = k
                place += 1
            else:
                k += 1
                log_p += np.log((k - 1.0 + r) / k * ratio)
                below += np.exp(log_p)
        return
    relative = inverse_size + 1.0 / mean
    for place in range(levels.size):
        c = relative / 9.0
        root = 1.0 - c + normal_quantile(levels[place]) * np.sqrt(c)
        out[place] = max(np.floor(mean * max(root, 0.0) ** 3 + 0.5), 0.0)


@kernel
def normal_quantile(p: float) -> float:
    """Within 4.5e-4 (Hastings, formula 26.2.23 of Abramowitz & Stegun)."""
    q = min(p, 1.0 - p)
    t = np.sqrt(-2.0 * np.log(q))
    top = 2.515517 + t * (0.802853 + t * 0.010328)
    z: float = t - top / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return z if p >= 0.5 else -z
