"""The prospective space-time scan (Kulldorff): circles of areas with too many cases of late.

`prospective` is the scan; `nearest` and `outlines` help to draw what it finds. The parts: circles,
expectations, counts packed into words, the search, cities drawn without a cluster, and chance.
"""

from tongchou.epi.detect.scan.answers import Cluster, Clusters, Options
from tongchou.epi.detect.scan.circles import nearest
from tongchou.epi.detect.scan.run import prospective

__all__ = ["Cluster", "Clusters", "Options", "nearest", "prospective"]
