"""The chains as a graph on a time axis, each arrow drawn as sure as it is."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongchou.shell import charts
from tongchou.tracing.chains import OUTSIDE, Chains

#: More nodes than this cannot be told apart on one sheet.
MOST_NODES = 150
#: Weaker links are left to the table.
LEAST = 0.05


@dataclass(frozen=True)
class Picture:
    """The graph, and what of the outbreak is not on it."""

    chart: Any
    n_drawn: int
    n_left_out: int
    n_weak: int


def draw(chains: Chains, numbers: list[int] | None = None, *, focus: str = "") -> Picture:
    """The cases at these places; else the largest clusters first, whole while there is room."""
    wanted = numbers if numbers is not None else _largest_first(chains)
    shown = wanted[:MOST_NODES]
    drawn, pairs = set(shown), chains.found.pairs
    nodes = [_node(chains, i, focus=chains.cases[i].number == focus) for i in shown]
    edges, n_weak = [], 0
    for target in shown:
        for row in range(*pairs.offsets[target : target + 2].tolist()):
            source, p = int(pairs.infector[row]), float(chains.found.probability[row])
            if source not in drawn or p <= 0:
                continue
            if p >= LEAST:
                edges.append(charts.Edge(str(source), str(target), p, _later(int(pairs.days[row]))))
            else:
                n_weak += 1
    chart = charts.network(
        nodes,
        edges,
        kinds={
            "linked": _("infector likely among the known cases"),
            "outside": _("more likely infected by somebody unknown"),
        },
        layout="days",
        what=_("Who may have infected whom"),
        size="xl" if len(shown) > 40 else "l",
    )
    return Picture(chart, len(shown), len(wanted) - len(shown), n_weak)


def _largest_first(chains: Chains) -> list[int]:
    return [int(i) for group in chains.groups for i in group.members]


def _later(days: int) -> str:
    return ngettext("%(n)d day later", "%(n)d days later", days) % {"n": days}


def _node(chains: Chains, i: int, *, focus: bool) -> charts.Node:
    case, outside = chains.cases[i], chains.outside[i]
    return charts.Node(
        str(i),
        case.number,
        kind="outside" if outside >= OUTSIDE else "linked",
        url=reverse("cases:case", args=[case.pk]),
        note=_("outside the known cases: %(share)s") % {"share": f"{outside:.0%}"},
        day=chains.days[i],
        focus=focus,
    )
