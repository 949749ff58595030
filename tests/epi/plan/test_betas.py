"""A beta is worked out once for a city, a disease and a model, and a kill spoils nothing."""

import os
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.epi.plan.small_city import COURSE, small
from tongchou.epi.plan import betas, scenario
from tongchou.epi.plan.betas import kept_in, recalled


class Killed(BaseException):
    """What a kill is: nothing after it happens."""


def never() -> float:
    raise AssertionError("it was worked out anew")


def files(folder):
    return sorted(each.name for each in folder.glob("*")) if folder.exists() else []


def test_a_beta_is_worked_out_once(tmp_path):
    beta = 0.1 + 0.2  # every bit of it comes back
    with kept_in(tmp_path / "betas"):
        assert recalled("city", "flu", lambda: beta) == beta
        assert recalled("city", "flu", never) == beta


def test_another_city_another_disease_or_another_model_has_a_beta_of_its_own(tmp_path, monkeypatch):
    with kept_in(tmp_path):
        recalled("city", "flu", lambda: 1.0)
        assert recalled("town", "flu", lambda: 2.0) == 2.0
        assert recalled("city", "sars", lambda: 3.0) == 3.0
        monkeypatch.setattr(betas, "model_digest", lambda: "newer")
        assert recalled("city", "flu", lambda: 4.0) == 4.0

    assert files(tmp_path) == ["newer-city-flu.beta"]  # those of the model before are gone


def test_without_a_folder_nothing_is_kept(tmp_path):
    with kept_in(tmp_path):
        pass

    assert recalled("city", "flu", lambda: 1.0) == 1.0
    assert files(tmp_path) == []


@pytest.mark.parametrize("bytes_left", range(13))
def test_a_file_that_is_not_whole_is_worked_out_anew(tmp_path, bytes_left):
    with kept_in(tmp_path):
        recalled("city", "flu", lambda: 0.25)
        (path,) = tmp_path.iterdir()
        whole = path.read_bytes()
        assert len(whole) == 13
        path.write_bytes(whole[:bytes_left])

        assert recalled("city", "flu", lambda: 0.25) == 0.25
        assert path.read_bytes() == whole


@pytest.mark.parametrize("step", ["sync", "replace"])
def test_a_kill_at_any_step_leaves_no_half_and_the_next_study_cleans_up(
    tmp_path, monkeypatch, step
):
    def dying(*given):
        raise Killed

    where = os if step == "replace" else betas
    with kept_in(tmp_path):
        with monkeypatch.context() as patch:
            patch.setattr(where, step, dying)
            with suppress(Killed):
                recalled("city", "flu", lambda: 0.25)
        assert not [name for name in files(tmp_path) if name.endswith(".beta")]
        assert recalled("city", "flu", lambda: 0.25) == 0.25

    assert [name.rpartition("-")[2] for name in files(tmp_path)] == ["flu.beta"]


def test_a_folder_that_takes_no_file_costs_no_study(tmp_path):
    (tmp_path / "betas").write_text("a file where the folder belongs")
    with kept_in(tmp_path / "betas"):
        assert recalled("city", "flu", lambda: 0.25) == 0.25


def test_a_scenario_calibrated_from_what_was_kept_is_the_same_to_the_digest(tmp_path, monkeypatch):
    asked = small(course=replace(COURSE, r0=1.8, beta=None))
    alone = asked.calibrated()
    for _ in range(2):  # the second time in another process, as it were
        monkeypatch.setattr(scenario, "_worlds", {})
        with kept_in(tmp_path):
            assert asked.calibrated().digest == alone.digest
        monkeypatch.setattr("tongchou.epi.spread.calibration.with_beta", never)

    assert len(files(tmp_path)) == 1
