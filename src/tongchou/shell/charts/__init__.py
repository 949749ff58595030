"""Charts with one look, each with its numbers as a table and its sense in a sentence.

Bokeh is imported inside the functions (1.4 s), never when the server starts; `warm()` does it
beforehand. Every chart is drawn in the light palette, and `chart.js` swaps in the dark twins.
"""

from tongchou.shell.charts.curves import bars, epidemic_curve, lines
from tongchou.shell.charts.lanes import Spell
from tongchou.shell.charts.look import Cell, Chart, Table, warm
from tongchou.shell.charts.maps import districts_map
from tongchou.shell.charts.networks import Edge, Node, network
from tongchou.shell.charts.spells import day_lines
from tongchou.shell.charts.spots import Spot, spots_map
from tongchou.shell.charts.watched import Estimate, watched

__all__ = [
    "Cell",
    "Chart",
    "Edge",
    "Estimate",
    "Node",
    "Spell",
    "Spot",
    "Table",
    "bars",
    "day_lines",
    "districts_map",
    "epidemic_curve",
    "lines",
    "network",
    "spots_map",
    "warm",
    "watched",
]
