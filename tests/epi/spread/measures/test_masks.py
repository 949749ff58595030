import numpy as np
import pytest

from tests.epi.spread.little import begun, mean_infections, simulated, steady
from tongchou.epi.spread.measures import masks
from tongchou.epi.spread.measures.masks import Masks
from tongchou.epi.spread.measures.stages import WAR
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.ways import CLASS, COMMUNITY, HOUSEHOLD, WORKPLACE


def test_a_mask_works_at_both_ends() -> None:
    run = begun(steady(masks=Masks(share=0.8, source=0.5, wearer=0.25)))
    masks.shape(run)
    assert run.behaviour.gives[0, 0, 0, COMMUNITY] == pytest.approx(0.6)
    assert run.behaviour.takes[0, 0, 0, COMMUNITY] == pytest.approx(0.8)


def test_nobody_wears_a_mask_at_home_or_in_class() -> None:
    run = begun(steady(masks=Masks(share=1)))
    masks.shape(run)
    for side in (run.behaviour.gives, run.behaviour.takes):
        assert (side[..., [HOUSEHOLD, CLASS]] == 1).all()
        assert (side[..., WORKPLACE:] < 1).all()


def test_a_district_at_peace_is_untouched_by_what_war_asks() -> None:
    run = begun(Policy(war=Response(masks=Masks(share=1))))
    run.tempo[1] = WAR
    masks.shape(run)
    assert (run.behaviour.gives[0] == 1).all()
    assert (run.behaviour.gives[1, ..., WORKPLACE:] == 0.5).all()


def test_fewer_wear_one_once_adherence_is_gone() -> None:
    run = begun(steady(masks=Masks(share=0.8)))
    run.adherence[:] = (0.5, 0)
    masks.shape(run)
    assert run.behaviour.gives[:, 0, 0, COMMUNITY].tolist() == pytest.approx([0.8, 1])


@pytest.mark.parametrize("useless", [Masks(share=0), Masks(share=1, source=0, wearer=0)])
def test_masks_that_do_nothing_change_nothing(useless: Masks) -> None:
    assert simulated(steady(masks=useless)) == simulated(Policy())


def test_more_masks_never_raise_mean_infections() -> None:
    means = [mean_infections(steady(masks=Masks(share=share))) for share in (0, 0.5, 1)]
    assert np.all(np.diff(means) < 0)
