"""Log-linear models of thousands of series at once, all with the same columns.

What makes it fast: X'WX of all series together is one matrix product, W @ (x_i x_j), and the
series are taken in batches that stay in the processor's cache.
"""

from dataclasses import dataclass

import numpy as np

from tongchou.epi.detect.series import Flags, Floats

__all__ = ["Fit", "fit"]

BATCH = 256
#: Newton steps of the first fit and of each refit; steps end once they no longer move anything
STEPS, MORE_STEPS = 12, 4
_STILL = 1e-6
#: information given to every column but the first: an effect that the data say nothing of is zero
_RIDGE = 0.1
#: Anscombe residuals beyond this are pulled in (Noufaily et al. 2013, doi:10.1002/sim.5595)
_FAR = 2.58


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
    start: Floats | None = None,
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
    start
        beta of an earlier fit, which saves most of the steps.
    """
    n_series, n_columns = y.shape[0], x.shape[1]
    found = Fit(
        np.empty((n_series, n_columns)),
        np.empty((n_series, n_columns, n_columns)),
        np.empty((n_series, len(windows))),
        np.empty(n_series),
    )
    pairs = np.triu_indices(n_columns)
    products = np.ascontiguousarray(x[:, pairs[0]] * x[:, pairs[1]])
    closing = (x == 1.0).astype(float)
    for first in range(0, n_series, BATCH):
        rows = slice(first, first + BATCH)
        batch = _Batch(y[rows], x, products, pairs, use[rows], closing)
        batch.begin(None if start is None else start[rows])
        batch.climb(STEPS if start is None else MORE_STEPS)
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
        x: Floats,
        products: Floats,
        pairs: tuple[np.ndarray, ...],
        use: Flags,
        closing: Floats,
    ) -> None:
        self.x, self.products, self.pairs, self.use = x, products, pairs, use
        seen = ~np.isnan(y)
        if not use.all():
            seen &= (~use).astype(float) @ closing.T == 0
        self.seen = seen.astype(float)
        self.y = np.where(seen, y, 0.0)
        self.weight = self.seen
        self.days = np.maximum(self.seen.sum(axis=1), 1.0)
        self.floor = 0.5 / self.days
        self.freedom = np.maximum(self.days - use.sum(axis=1), 1.0)
        self.power: Floats | None = None

    def begin(self, start: Floats | None) -> None:
        if start is None:
            self.beta = np.zeros(self.use.shape)
            self.beta[:, 0] = np.log(self.y.sum(axis=1) / self.days + self.floor)
        else:
            self.beta = np.where(self.use, start, 0.0)
        self._expect()

    def _expect(self) -> None:
        self.eta = np.clip(self.beta @ self.x.T, -30.0, 30.0)
        self.mu = np.exp(self.eta)

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
            slope = (self.weight * (self.y - self.mu)) @ self.x
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
            self.power = np.cbrt(self.y) ** 2
        scale = np.maximum(self._pearson(self.weight), 1.0)
        small = np.maximum(self.mu, self.floor[:, None])
        root = np.exp(np.log(small) / 6.0)
        residual = 1.5 * (self.power - root**4) / (root * np.sqrt(scale)[:, None])
        far = np.abs(residual)
        self.weight = self.seen * np.where(far > _FAR, (_FAR / np.maximum(far, _FAR)) ** 2, 1.0)

    def _pearson(self, weight: Floats) -> Floats:
        small = np.maximum(self.mu, self.floor[:, None])
        answer: Floats = (weight * (self.y - self.mu) ** 2 / small).sum(axis=1) / self.freedom
        return answer

    def dispersions(self, windows: tuple[int, ...]) -> Floats:
        left = np.sqrt(self.weight) * (self.y - self.mu)
        total = np.cumsum(left, axis=1)
        expected = np.cumsum(self.seen * self.mu, axis=1)
        found = np.empty((self.y.shape[0], len(windows)))
        for place, days in enumerate(windows):
            if days == 1:
                sums, means = left, np.maximum(self.mu, self.floor[:, None])
            else:
                sums = total[:, days:] - total[:, :-days]
                means = np.maximum(expected[:, days:] - expected[:, :-days], self.floor[:, None])
            each = (sums**2 / means).sum(axis=1) / max(sums.shape[1], 1)
            found[:, place] = each * self.y.shape[1] / self.freedom
        return found
