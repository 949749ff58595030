"""`tongchou review CASE_ID`: text for people, JSON for programs."""

import argparse
import json

import pytest

from tests.reviews.positives import positive, reported
from tongchou.cases.models import Case
from tongchou.site import review as verb
from tongchou.site.cli import Wrong

pytestmark = pytest.mark.django_db


def said(capsys, *words):
    parser = argparse.ArgumentParser()
    verb.arguments(parser)
    assert verb.run(parser.parse_args(list(words))) == 0
    return capsys.readouterr().out


def test_json_has_every_interval_and_null_where_nothing_is_known(capsys, city, person):
    case = positive(city, person(), onset_on=city.at(days=-3).date())
    facts = json.loads(said(capsys, case.number, "--json"))

    assert facts["case"] == case.number
    assert facts["review"].startswith("R-")
    assert facts["intervals"]["onset_to_report"]["days"] == 3
    assert facts["intervals"]["exposure_to_quarantine"]["seconds"] is None
    assert {leg["loop"] for leg in facts["hand_offs"]} >= {"case_report", "investigation"}


def test_the_id_names_the_same_case_as_its_number(capsys, city, person):
    case = positive(city, person())

    by_id = json.loads(said(capsys, str(case.pk), "--json"))
    assert by_id["case"] == case.number


def test_the_text_is_in_the_language_asked_for(capsys, city, person):
    case = positive(city, person(), onset_on=city.at(days=-3).date())

    assert "onset to report: 3 days" in said(capsys, case.number)
    assert "发病到报告：3 天" in said(capsys, case.number, "--lang", "zh").replace(": ", "：")


def test_a_case_without_review_is_laid_out_all_the_same(capsys, city, person):
    case = reported(city, person())
    Case.objects.filter(pk=case.pk).update(passage=None, outcome="alive")

    facts = json.loads(said(capsys, case.number, "--json"))
    assert (facts["review"], facts["hand_offs"], facts["delay_seconds"]) == (None, [], None)


def test_an_unknown_case_is_named(city):
    with pytest.raises(Wrong, match="no case 'X-9'"):
        verb.run(argparse.Namespace(case="X-9", json=True, accepted=False, lang="en"))


def test_nothing_was_accepted_yet(city, person):
    case = positive(city, person())

    with pytest.raises(Wrong, match="not been accepted"):
        verb.run(argparse.Namespace(case=case.number, json=True, accepted=True, lang="en"))
