"""The picture of a case holds everybody one step away, once."""

from datetime import date

import pytest

from tongchou.cases import graphs, linking
from tongchou.cases.models import Contact, Exposure
from tongchou.shell.charts import network


@pytest.fixture
def met(city, person):
    """Somebody who met a case; give the case they became, if they did."""

    def meet(case, became=None):
        number = f"K-{Contact.objects.count() + 1}"
        contact = Contact.objects.create(
            number=number,
            person=became.person if became else person(),
            tier="close",
            area=city.community,
            area_path=city.community.path,
            became_case=became,
            listed_on=date(2022, 7, 1),
            written_at=city.at(),
        )
        Exposure.objects.create(contact=contact, case=case, way="meal")
        return contact

    return meet


def test_a_case_alone_is_a_picture_of_one(li):
    drawn = graphs.around(li)
    assert ([node.label for node in drawn.nodes.values()], drawn.edges) == ([li.number], [])


def test_a_contact_is_drawn_once_however_often_they_met(li, met):
    contact = met(li)
    Exposure.objects.create(contact=contact, case=li, way="work")
    drawn = graphs.around(li)
    assert (len(drawn.nodes), len(drawn.edges)) == (2, 1)


def test_a_contact_who_became_a_case_is_drawn_as_that_case(reported, li, met):
    other = reported()
    met(li, became=other)
    drawn = graphs.around(li)
    assert {node.label for node in drawn.nodes.values()} == {li.number, other.number}


def test_a_possible_infection_and_a_meeting_are_one_arrow(city, reported, li, met):
    other = reported()
    met(li, became=other)
    linking.set_transmissions(infectee=other, rows=[(li, 0.7)], method="m", by=None, now=city.at())
    (edge,) = graphs.around(li).edges
    assert edge.weight == 0.7


def test_what_does_not_fit_is_counted(li, met, monkeypatch):
    monkeypatch.setattr(graphs, "MOST_NODES", 3)
    for _n in range(4):
        met(li)
    drawn = graphs.around(li)
    assert (len(drawn.nodes), drawn.n_left_out) == (3, 2)


def test_the_picture_can_be_drawn(li, met):
    met(li)
    drawn = graphs.around(li)
    chart = network(list(drawn.nodes.values()), drawn.edges, kinds=graphs.kinds(), layout="days")
    assert len(chart.table.rows) == 1
