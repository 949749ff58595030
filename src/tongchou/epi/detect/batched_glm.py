"""Log-linear models of thousands of series at once, all with the same columns.

What makes it fast: X'WX of all series together is one matrix product, W @ (x_i x_j), and the
series are taken in batches that stay in the processor's cache, in single precision: an expectation
is good to a millionth, which is a thousandth of its own uncertainty. Whoever divides the work must
cut at multiples of `BATCH`; the answers are then the same to the last bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Flags, Floats

__all__ = ["BATCH", "Fit", "fit"]

Single = NDArray[np.float32]

BATCH = 256
#: Newton steps of the first fit and of each refit; steps end once they no longer move anything
STEPS, MORE_STEPS = 12, 3
#: a step that gains less log-likelihood than this ends the fit
_STILL = 1e-3
#: information given to every column but the first: an effect that the data say nothing of is zero
_RIDGE = 0.1
#: Anscombe residuals beyond this are pulled in (Noufaily et al. 2013, doi:10.1002/sim.5595)
_FAR = 2.58
#: what that takes from the variance of a normal law: 2 d phi(d) + 2 (1 - d^2) Q(d), d = 2.58
_PULLED = 0.018


@dataclass(frozen=True, eq=False)
class Fit:
    """What was found for each series.

    Attributes
    ----------
    beta
        f64[n_series, n_columns].
    covariance
        f64[n_series, n_columns, n_columns], before it is multiplied by a dispersion.
    dispersion
        f64[n_series, n_windows]: variance over mean of the sums of that many days in a row.
    floor
        f64[n_series]: half a count over all the days, below which no expectation falls.
    """

    beta: Floats
    covariance: Floats
    dispersion: Floats
    floor: Floats


def fit(
    y: Floats,
    x: Floats,
    *,
    use: Flags,
    windows: tuple[int, ...] = (1,),
    refits: int = 2,
) -> Fit:
    """Quasi-Poisson fits, with days far above or below pulled in, and the dispersion of windows.

    Parameters
    ----------
    y
        f64[n_series, n_times], NaN where nothing was reported.
    x
        f64[n_times, n_columns], the first all ones.
    use
        bool[n_series, n_columns]: a column that is false for a series is not fitted in it, and the
        days on which it is 1 are left out (a clinic that is closed on Sundays). Never the first.
    windows
        Sums of so many days get a dispersion of their own: days in a row are more alike than
        days far apart, and sums over them vary more than their days do.
    refits
        How often days whose Anscombe residual exceeds 2.58 are given the weight (2.58 / r)**2 and
        the model is fitted again. Zero fits once, and an old outbreak then raises the bounds.
    """
    n_series, n_columns = y.shape[0], x.shape[1]
    found = Fit(
        np.empty((n_series, n_columns)),
        np.empty((n_series, n_columns, n_columns)),
        np.empty((n_series, len(windows))),
        np.empty(n_series),
    )
    pairs = np.triu_indices(n_columns)
    products = (x[:, pairs[0]] * x[:, pairs[1]]).astype(np.float32)
    closing = (x == 1.0).astype(np.float32)
    single = x.astype(np.float32)
    for first in range(0, n_series, BATCH):
        rows = slice(first, first + BATCH)
        batch = _Batch(y[rows], single, products, pairs, use[rows], closing)
        batch.begin()
        batch.climb(STEPS)
        for _ in range(refits):
            batch.pull_in()
            batch.climb(MORE_STEPS)
        found.beta[rows] = batch.beta
        found.covariance[rows] = np.linalg.inv(batch.information())
        found.dispersion[rows] = batch.dispersions(windows)
        found.floor[rows] = batch.floor
    return found


class _Batch:
    def __init__(
        self,
        y: Floats,
        x: Single,
        products: Single,
        pairs: tuple[np.ndarray, ...],
        use: Flags,
        closing: Single,
    ) -> None:
        self.x, self.products, self.pairs, self.use = x, products, pairs, use
        self.groups = 1 + np.flatnonzero(((x == 0) | (x == 1)).all(axis=0)[1:])
        seen = ~np.isnan(y)
        if not use.all():
            seen &= (~use).astype(np.float32) @ closing.T == 0
        self.seen = seen.astype(np.float32)
        self.y = np.where(seen, y, 0.0).astype(np.float32)
        self.weight = self.seen
        self.days = np.maximum(seen.sum(axis=1), 1).astype(float)
        self.floor = 0.5 / self.days
        self.freedom = np.maximum(self.days - use.sum(axis=1), 1.0)
        self.power: Single | None = None

    def begin(self) -> None:
        """Start from the mean and what each weekday makes of it, where that can be told.

        Never from an earlier fit: what is found would then depend on which fit came before.
        """
        mean = self.y.sum(axis=1, dtype=float) / self.days + self.floor
        self.beta = np.zeros(self.use.shape)
        self.beta[:, 0] = np.log(mean)
        groups = self.groups
        inside = self.x[:, groups]
        told, days = (self.y @ inside).astype(float), (self.seen @ inside).astype(float)
        self.beta[:, groups] = np.where(
            self.use[:, groups], np.log((told + 1.0) / (days * mean[:, None] + 1.0)), 0.0
        )
        self._expect()

    def _expect(self) -> None:
        eta = self.beta.astype(np.float32) @ self.x.T
        self.mu = np.exp(np.clip(eta, -30.0, 30.0, out=eta), out=eta)

    def information(self) -> Floats:
        flat = (self.weight * self.mu) @ self.products
        n, p = self.use.shape
        full = np.empty((n, p, p))
        full[:, self.pairs[0], self.pairs[1]] = flat
        full[:, self.pairs[1], self.pairs[0]] = flat
        unused = ~self.use
        full[unused[:, :, None] | unused[:, None, :]] = 0.0
        diagonal = np.arange(p)
        full[:, diagonal[1:], diagonal[1:]] += _RIDGE
        full[:, 0, 0] += 1e-9
        full[:, diagonal, diagonal] += unused
        return full

    def climb(self, steps: int) -> None:
        for _ in range(steps):
            slope = ((self.weight * (self.y - self.mu)) @ self.x).astype(float)
            slope[:, 1:] -= _RIDGE * self.beta[:, 1:]
            slope[~self.use] = 0.0
            step = np.linalg.solve(self.information(), slope[:, :, None])[:, :, 0]
            # From far below, Newton's step for a log-linear model overshoots by powers of e.
            step /= np.maximum(np.abs(step).max(axis=1, keepdims=True) / 1.5, 1.0)
            self.beta += step
            self._expect()
            if float((step * slope).sum(axis=1).max(initial=0.0)) < _STILL:
                break

    def pull_in(self) -> None:
        """Weights that take the say of outbreaks, and of days without staff, out of the fit."""
        if self.power is None:
            self.power = np.exp(np.log(np.maximum(self.y, 1e-30)) * np.float32(2 / 3))
        left, small = self.y - self.mu, self._not_below_floor(self.mu)
        spread = (self.weight * left**2 / small).sum(axis=1, dtype=float) / self.freedom
        scale = (_FAR / 1.5 * np.sqrt(np.maximum(spread, 1.0))).astype(np.float32)[:, None]
        root = np.exp(np.log(small) * np.float32(1 / 6))
        root4 = root**2
        root4 *= root4
        far = np.abs(self.power - root4) / (root * scale)
        self.weight = self.seen / np.maximum(far, 1.0) ** 2

    def _not_below_floor(self, mean: Single) -> Single:
        answer: Single = np.maximum(mean, self.floor.astype(np.float32)[:, None])
        return answer

    def dispersions(self, windows: tuple[int, ...]) -> Floats:
        left = np.sqrt(self.weight) * (self.y - self.mu)
        mean = self._not_below_floor(self.seen * self.mu)
        lost = 0.0 if self.weight is self.seen else _PULLED
        found = np.empty((self.y.shape[0], len(windows)))
        sums, means, reach = left, mean, 1
        for place, days in enumerate(windows):
            while reach < days:
                sums, means = sums[:, :-1] + left[:, reach:], means[:, :-1] + mean[:, reach:]
                reach += 1
            each = (sums**2 / means).sum(axis=1, dtype=float) / max(sums.shape[1], 1)
            found[:, place] = each * self.y.shape[1] / self.freedom / (1.0 - lost)
        return found
