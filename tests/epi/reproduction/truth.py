"""EpiEstim's own answers for three outbreaks, where the shared files are at hand."""

import numpy as np

INTERVALS = {"Flu1918": (2.6, 1.5), "Flu2009": (2.6, 1.5), "SARS2003": (8.4, 3.8)}


class Truth:
    """One outbreak: its cases, and what R said of it."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.mean, self.sd = INTERVALS[name]
        self.cases = self._read(f"in_epi_{name}.csv")[:, 1]
        self.table = self._read(f"in_epi_{name}_si.csv")[:, 1]

    def said(self, kind):
        return self._read(f"out_epi_{self.name}_{kind}.csv")

    def _read(self, name):
        return np.genfromtxt(self.folder / name, delimiter=",", skip_header=1)


def as_r(found):
    """Estimates of the first series as R lays them out: windows counted from 1."""
    return np.column_stack(
        (found.start + 1, found.end + 1, found.mean[0], found.sd[0], *found.quantiles[:, 0])
    )
