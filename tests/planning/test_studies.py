"""Studies are made in turns, survive a kill, and leave nothing behind when they are stopped."""

import pytest
from django.urls import reverse

from tests.planning.texts import SMALL, asked, made, written
from tongchou import playbook as playbooks
from tongchou.ledger import adoption as adoptions
from tongchou.planning import texts
from tongchou.planning.actions import studies
from tongchou.planning.errors import StaleScenario, TooLate
from tongchou.planning.models import State, Study


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Runs of these tests are kept apart."""
    settings.TONGCHOU_DATA = tmp_path


class Killed(BaseException):
    """What a kill is to a worker: nothing after it happens."""


def killed_after(n: int, monkeypatch) -> None:
    """The next turn dies once so many runs stand in the journal."""
    from tongchou.epi.plan.journal import Journal

    add = Journal.add

    def dying(self, run):
        add(self, run)
        if len(self.runs) == n:
            monkeypatch.setattr(Journal, "add", add)
            raise Killed

    monkeypatch.setattr(Journal, "add", dying)


def test_a_study_ends_with_a_result_and_a_digest(city):
    study = made(asked(city), city)

    assert study.state == State.DONE
    assert len(study.result["fans"]["found"]) == 5
    assert study.digest


def test_a_killed_worker_loses_only_the_run_that_was_under_way(city, monkeypatch):
    whole = made(asked(city), city)
    study = asked(city)
    killed_after(2, monkeypatch)
    with pytest.raises(Killed):
        studies.run_waiting(now=city.at(minutes=1))
    again = made(study, city)

    assert (again.state, again.digest) == (State.DONE, whole.digest)
    assert again.result == whole.result


def test_a_study_in_other_hands_is_left_alone_until_they_are_lost(city):
    study = asked(city)
    Study.objects.filter(pk=study.pk).update(state=State.RUNNING, seen_at=city.at(minutes=5))

    assert studies.run_waiting(now=city.at(minutes=6)) == ""
    assert studies.run_waiting(now=city.at(minutes=8)) != ""


def test_a_study_that_takes_long_gives_way_between_its_runs(city, monkeypatch, tmp_path):
    monkeypatch.setattr(studies, "TURN", -1.0)
    study = asked(city)
    studies.run_waiting(now=city.at())
    study.refresh_from_db()

    assert (study.state, study.seen_at) == (State.RUNNING, None)
    assert made(study, city).state == State.DONE


def test_a_stopped_study_leaves_no_half_result(city, monkeypatch, tmp_path):
    monkeypatch.setattr(studies, "TURN", -1.0)
    study = asked(city)
    studies.run_waiting(now=city.at())
    studies.cancel(study=study, by=city.qian, now=city.at(minutes=1))
    studies.run_waiting(now=city.at(minutes=9))
    study.refresh_from_db()

    assert (study.state, study.result, study.digest) == (State.CANCELLED, None, "")
    assert not list((tmp_path / "studies").glob(f"{study.pk}.*"))


def test_a_study_stopped_while_it_runs_is_not_finished_behind_ones_back(city, monkeypatch):
    study = asked(city)
    monkeypatch.setattr(studies, "TOLD_EVERY", 0.0)

    def stop(*given):
        studies.cancel(study=study, by=city.qian, now=city.at(minutes=1))

    monkeypatch.setattr("tongchou.planning.studying.summed", stop)
    studies.run_waiting(now=city.at())
    study.refresh_from_db()

    assert (study.state, study.result) == (State.CANCELLED, None)


def test_what_is_over_cannot_be_stopped(city):
    study = made(asked(city), city)

    with pytest.raises(TooLate):
        studies.cancel(study=study, by=city.qian, now=city.at(hours=5))


def test_a_text_that_does_not_hold_is_refused_with_its_line(city):
    with pytest.raises(StaleScenario, match="Line 3: disease"):
        written(city, SMALL.replace("covid19_omicron_ba2", "plague"))


def test_a_scenario_that_has_gone_stale_fails_with_its_line(city):
    study = asked(city)
    study.scenario.text = SMALL.replace("cn-2022-06", "cn-1999")
    study.scenario.save()

    assert "Line 2: playbook" in made(study, city).fault


def test_a_scenario_of_the_desk_opens_no_file(city):
    with pytest.raises(StaleScenario, match="reads no file"):
        written(city, SMALL + 'file = "secrets.toml"\n')


def test_the_residents_of_an_area_are_its_communities(city):
    scenario = written(city, SMALL.replace("people = 3000", 'area = "990100"'))
    assert texts.read(scenario.text).scenario.place.n == 3000


def test_runs_of_another_model_are_made_anew(city, tmp_path):
    study = asked(city)
    folder = tmp_path / "studies"
    folder.mkdir()
    from tongchou.epi.plan.journal import Journal

    with Journal(folder / f"{study.pk}.runs", model="older"):
        pass

    assert made(study, city).state == State.DONE


def test_the_page_of_a_study_draws_its_fans(client, city, sign_in):
    study = made(asked(city), city)
    sign_in(client, city.qian)
    page = client.get(reverse("planning:study", args=[study.pk])).content.decode()

    assert "fan-middle" in page
    assert "As a table" in page


def test_a_scenario_may_name_a_playbook_that_was_put_forward(city):
    text = playbooks.load("cn-2022-06").text.replace('id = "cn-2022-06"', 'id = "ours"', 1)
    put = adoptions.propose(text=text, reason="ours", by=city.qian, now=city.at())
    scenario = written(city, SMALL.replace("cn-2022-06", f"p{put.pk}"))

    assert texts.read(scenario.text).playbook.id == put.playbook


SHORT = SMALL.replace("infections = 20", "infections = 300") + "\n[capacities]\ntubes = 2\n"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Laboratories could not take every sample"), ("zh-hans", "检测能力不足")],
)
def test_samples_that_no_laboratory_took_are_told(client, city, sign_in, language, said):
    study = made(asked(city, SHORT), city)
    sign_in(client, city.qian)
    page = client.get(
        reverse("planning:study", args=[study.pk]), headers={"accept-language": language}
    )

    assert said in page.content.decode()
    assert page.context["missed"].mean > 0
    # a curve with its table, and a number of its own
    assert len(study.result["fans"]["pcr_missed"]) == 5
    assert [line.name for line in page.context["lines"]][-1] == "pcr_missed"


def test_where_laboratories_took_all_samples_nothing_is_said_of_it(client, city, sign_in):
    study = made(asked(city, SMALL + '\n[capacities]\ntubes = "unlimited"\n'), city)
    sign_in(client, city.qian)
    page = client.get(reverse("planning:study", args=[study.pk]))

    assert page.context["missed"] is None
    assert "could not take every sample" not in page.content.decode()


def test_a_study_of_before_missed_samples_were_counted_still_has_its_page(client, city, sign_in):
    study = made(asked(city), city)
    del study.result["numbers"]["pcr_missed"], study.result["fans"]["pcr_missed"]
    study.save()
    sign_in(client, city.qian)

    assert client.get(reverse("planning:study", args=[study.pk])).status_code == 200


def test_a_study_of_before_a_line_of_the_bill_was_counted_still_has_its_page(client, city, sign_in):
    study = made(asked(city), city)
    del study.result["numbers"]["cost.gate_wait"]
    study.save()
    sign_in(client, city.qian)

    assert client.get(reverse("planning:study", args=[study.pk])).status_code == 200


def test_the_next_study_of_the_same_city_does_not_look_for_its_beta_again(city, monkeypatch):
    from tongchou.epi.plan import scenario

    def never(*given):
        raise AssertionError("the beta was looked for again")

    monkeypatch.setattr(scenario, "_worlds", {})
    first = made(asked(city), city)
    monkeypatch.setattr(scenario, "_worlds", {})  # as another worker, or this one after a kill
    monkeypatch.setattr("tongchou.epi.spread.calibration.with_beta", never)
    second = made(asked(city), city)

    assert (second.state, second.digest) == (State.DONE, first.digest)
