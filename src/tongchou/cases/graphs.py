"""The picture of a case: whom it met, who may have infected it, and whom it may have infected."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tongchou.cases.models import Case, Classification, Contact, Exposure, Transmission
from tongchou.ledger.turns import page_of
from tongchou.shell.charts import Edge, Node

#: More cannot be told apart on one sheet; the table of contacts has them all.
MOST_NODES = 120


@dataclass
class Graph:
    """Nodes and edges; `n_left_out` contacts did not fit on the sheet."""

    nodes: dict[str, Node]
    edges: list[Edge]
    n_left_out: int = 0


def kinds() -> dict[str, str]:
    """The kinds of nodes in the order of the legend."""
    return {
        "this": _("this case"),
        "case": _("other case"),
        "contact": _("contact, open"),
        "done": _("contact, done with"),
        "unknown": _("source not known"),
    }


def around(case: Case) -> Graph:
    """Everybody one step from this case: contacts, possible sources, possible infections."""
    graph = Graph({}, [])
    graph.nodes[_id(case)] = _case_node(case, focus=True)
    _add_transmissions(graph, case)
    _add_contacts(graph, case)
    return graph


def _add_transmissions(graph: Graph, case: Case) -> None:
    rows = Transmission.objects.select_related("infector", "infectee")
    for row in rows.filter(infectee=case).order_by("-probability")[:30]:
        source = row.infector
        node = _case_node(source) if source else Node("?", _("not known"), kind="unknown")
        graph.nodes.setdefault(node.id, node)
        graph.edges.append(Edge(node.id, _id(case), row.probability, _("may have infected")))
    for row in rows.filter(infector=case).order_by("-probability")[:30]:
        graph.nodes.setdefault(_id(row.infectee), _case_node(row.infectee))
        edge = Edge(_id(case), _id(row.infectee), row.probability, _("may have infected"))
        graph.edges.append(edge)


def _add_contacts(graph: Graph, case: Case) -> None:
    met = Exposure.objects.filter(case=case).select_related(
        "contact__passage", "contact__became_case", "contact__person"
    )
    seen: set[int] = set()
    for row in met.order_by("-last_on", "id"):
        contact = row.contact
        if contact.pk in seen:
            continue
        seen.add(contact.pk)
        if len(graph.nodes) >= MOST_NODES:
            graph.n_left_out += 1
            continue
        node = _contact_node(contact)
        linked = any(e.source == _id(case) and e.target == node.id for e in graph.edges)
        graph.nodes.setdefault(node.id, node)
        if not linked:
            graph.edges.append(Edge(_id(case), node.id, 1.0, str(row.get_way_display())))


def _contact_node(contact: Contact) -> Node:
    if contact.became_case is not None:
        return _case_node(contact.became_case)
    passage = contact.passage
    return Node(
        f"contact-{contact.pk}",
        contact.number,
        kind="contact" if passage and passage.closed_at is None else "done",
        url=page_of("contact", passage.pk) if passage else "",
        note=str(contact.get_tier_display()),
    )


def _case_node(case: Case, *, focus: bool = False) -> Node:
    discarded = case.classification == Classification.DISCARDED
    return Node(
        _id(case),
        case.number,
        kind="this" if focus else "done" if discarded else "case",
        url=reverse("cases:case", args=[case.pk]),
        note=str(case.get_classification_display()),
        day=case.begins_on,
        focus=focus,
    )


def _id(case: Case) -> str:
    return f"case-{case.pk}"
