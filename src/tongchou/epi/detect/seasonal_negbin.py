"""Expected counts by season: harmonics and trend through the history, Poisson or negative binomial.

One series at a time, and it stops where R stops: at a deviance that hardly changes, not at the
last digit. Fits that go on differ from R's by 1e-8, and alarms hang on less.
"""

import math

import numpy as np
from scipy import special

from tongchou.epi.detect.series import Floats

__all__ = ["design", "fitted"]

_STEPS = 25
_CLOSE = 1e-8
_CLOSE_SIZE = float(np.finfo(float).eps) ** 0.25


def design(times: Floats, *, harmonics: int, trend: bool, period: float) -> Floats:
    """Columns of the model at these times: one, time itself, sines and cosines of the year."""
    columns = [np.ones_like(times)]
    if trend:
        columns.append(times)
    for k in range(1, harmonics + 1):
        angle = 2 * np.pi * k * times / period
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)


def fitted(x: Floats, y: Floats, alpha: float | None) -> tuple[Floats, float]:
    """Coefficients on the log scale, and the dispersion.

    Parameters
    ----------
    x
        f64[n, n_columns].
    y
        f64[n], counts, none missing.
    alpha
        Dispersion: the variance is mu + alpha mu². Zero is Poisson; None is estimated.

    Raises
    ------
    ValueError
        Where the history does not determine the model.

    References
    ----------
    McCullagh & Nelder 1989, section 2.5; the alternation of mean and size: Venables & Ripley
    2002, Modern Applied Statistics with S, section 7.4
    """
    if y.size < x.shape[1] or not y.sum() > 0:
        raise ValueError("the history is too short or has no cases")
    if alpha is not None and alpha > 0:
        start = y + np.where(y == 0, 1 / 6, 0.0)
        return _glm(x, y, 1 / alpha, start)[0], alpha
    terms, mu = _glm(x, y, math.inf, y + 0.1)
    if alpha is not None:
        return terms, 0.0
    size = _size(y, mu)
    height = _log_likelihood(y, mu, size)
    width = math.sqrt(2 * max(1, y.size - x.shape[1]))
    before, moved = height + 2 * width, 1.0
    for _ in range(_STEPS):
        if not math.isfinite(size):  # less scatter than Poisson's
            return terms, 0.0
        if abs(before - height) / width + abs(moved) <= _CLOSE:
            break
        terms, newer = _glm(x, y, size, mu)
        new_size = _size(y, mu)  # of the mean before: mean and size take turns
        moved, size, mu = size - new_size, new_size, newer
        before, height = height, _log_likelihood(y, mu, size)
    return terms, 1 / size


def _glm(x: Floats, y: Floats, size: float, guess: Floats) -> tuple[Floats, Floats]:
    """Reweighted least squares from a first guess of the means."""
    mu: Floats = guess
    eta, before = np.log(mu), _deviance(y, mu, size)
    terms: Floats = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        root = np.sqrt(mu / (1 + mu / size))
        working = (eta + (y - mu) / mu) * root
        terms = np.asarray(np.linalg.lstsq(x * root[:, None], working, rcond=None)[0], np.float64)
        eta = np.asarray(x @ terms)
        if not np.all(np.abs(eta) < 700):
            raise ValueError("the fit to the history runs away")
        mu = np.exp(eta)
        now = _deviance(y, mu, size)
        if abs(now - before) / (abs(now) + 0.1) < _CLOSE:
            break
        before = now
    return terms, mu


def _deviance(y: Floats, mu: Floats, size: float) -> float:
    log = special.xlogy(y, np.where(y > 0, y, 1.0) / mu)
    if math.isinf(size):
        return float(2 * (log - (y - mu)).sum())
    return float(2 * (log - (y + size) * np.log((y + size) / (mu + size))).sum())


def _size(y: Floats, mu: Floats) -> float:
    """The likeliest 1 / alpha given the means, by Newton's steps from the moments."""
    size = y.size / float(((y / mu - 1) ** 2).sum())
    for _ in range(_STEPS):
        size = abs(size)
        ratio = (y + size) / (mu + size)
        slope = special.digamma(size + y) - special.digamma(size)
        slope = slope + math.log(size) + 1 - np.log(size + mu) - ratio
        bend = special.polygamma(1, size) - special.polygamma(1, size + y)
        bend = bend - 1 / size + 2 / (mu + size) - ratio / (mu + size)
        total = float(bend.sum())
        if total == 0:
            return math.inf
        step = float(slope.sum()) / total
        size += step
        if not 0 < abs(size) < 1e12:
            return math.inf
        if abs(step) <= _CLOSE_SIZE:
            break
    return abs(size)


def _log_likelihood(y: Floats, mu: Floats, size: float) -> float:
    if not math.isfinite(size):
        return 0.0
    log = special.gammaln(size + y) - special.gammaln(size) - special.gammaln(y + 1)
    log = log + size * math.log(size) + special.xlogy(y, mu) - (size + y) * np.log(size + mu)
    return float(log.sum())
