"""Clusters are founded, joined, left and closed."""

from datetime import date

import pytest

from tongchou.cases import grouping
from tongchou.cases.errors import HasEnded, Stale
from tongchou.cases.models import Case


@pytest.fixture
def cluster(city, li):
    return grouping.found(
        name="Fish market",
        area=city.east,
        found_on=date(2022, 7, 1),
        cases=[li],
        by=city.qian,
        now=city.at(),
    )


def test_a_cluster_is_founded_with_its_first_cases(li, cluster):
    li.refresh_from_db()
    assert li.cluster == cluster


def test_a_case_joins_a_cluster(city, reported, cluster):
    case = reported()
    grouping.join(cluster=cluster, case=case, by=city.qian, now=city.at(hours=1))
    assert cluster.cases.count() == 2


def test_a_case_leaves_its_cluster(city, li, cluster):
    grouping.leave(case=li, by=city.qian, now=city.at(hours=1))
    assert not cluster.cases.exists()


def test_leaving_no_cluster_changes_nothing(city, reported):
    case = reported()
    grouping.leave(case=case, by=city.qian, now=city.at(hours=1))
    assert case.cluster is None


def test_two_desks_that_move_a_case_between_clusters_do_not_undo_each_other(city, li, cluster):
    other = Case.objects.get(pk=li.pk)
    grouping.leave(case=li, by=city.qian, now=city.at(hours=1))
    with pytest.raises(Stale):
        grouping.leave(case=other, by=city.wu, now=city.at(hours=1))


def test_nobody_joins_a_closed_cluster(city, reported, cluster):
    grouping.close(cluster=cluster, on=date(2022, 8, 1), by=city.qian, now=city.at(days=31))
    with pytest.raises(HasEnded):
        grouping.join(cluster=cluster, case=reported(), by=city.qian, now=city.at(days=32))


def test_a_cluster_is_closed_once(city, cluster):
    grouping.close(cluster=cluster, on=date(2022, 8, 1), by=city.qian, now=city.at(days=31))
    with pytest.raises(HasEnded):
        grouping.close(cluster=cluster, on=date(2022, 8, 1), by=city.qian, now=city.at(days=31))
