import pickle
from copy import deepcopy
from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.playbook.small import SMALL, small
from tongchou import playbook
from tongchou.playbook import NoSuchRule, QuarantineSegment


@pytest.fixture
def book():
    return playbook.parse(SMALL)


def test_a_deadline_is_shorter_at_war(book):
    sent = book.deadline("parcel", "sent")
    assert (sent.allowed("peace"), sent.allowed("war")) == (timedelta(hours=4), timedelta(hours=2))


def test_there_are_only_two_tempos(book):
    with pytest.raises(ValueError, match="'peace' or 'war', not 'truce'"):
        book.deadline("parcel", "sent").allowed("truce")


def test_deadlines_are_found_by_loop_and_stage(book):
    assert list(book.deadlines) == [("parcel", "sent"), ("parcel", "received")]


def test_a_missing_deadline_names_the_nearest(book):
    with pytest.raises(NoSuchRule, match=r"no rule deadlines.parcel.snt.*deadlines.parcel.sent"):
        book.deadline("parcel", "snt")


def test_a_name_like_nothing_known_gets_no_hint(book):
    with pytest.raises(NoSuchRule, match=r"no rule zone\.moon\.$"):
        book.zone("moon")


@pytest.mark.parametrize("look_up", ["disease", "group", "zone", "target", "rule", "contact"])
def test_every_look_up_refuses_an_unknown_name(book, look_up):
    with pytest.raises(LookupError):
        getattr(book, look_up)("nothing")


def test_quarantine_adds_up_over_its_places(book):
    close = book.contact("close")
    assert close.n_days == 10
    assert close.quarantine[1] == QuarantineSegment(site="home", days=3)
    assert (close.look_back_days, close.test_days) == (2, (1, 4, 10))


def test_a_tier_the_playbook_leaves_out_is_not_managed(book):
    secondary = book.contact("secondary")
    assert not secondary.managed
    assert (secondary.n_days, secondary.quarantine, secondary.test_days) == (0, (), ())


def test_a_rule_with_a_source_of_its_own_does_not_take_the_clause_of_its_table(book):
    assert book.clause_of("contact.close.quarantine") == ("article 3", "an order")
    assert book.clause_of("contact.close.look_back_days") == ("", "a later order")


def test_a_clause_of_its_own_stays_under_the_source_of_its_table(book):
    assert book.clause_of("deadlines.parcel.sent") == ("article 9", "an order")


def test_gaps_climb_faster_at_war(book):
    assert book.escalation.step("war") < book.escalation.step("peace")
    assert book.escalation.rungs == ("street", "city")


def test_data_are_kept_for_days_that_the_playbook_sets(book):
    kept = book.retention
    assert (kept.personal_data_days, kept.itinerary_days, kept.export_file_days) == (30, 10, 1)


def test_the_main_disease_needs_no_code():
    book = playbook.parse(small(("valid_from", 'main_disease = "flu"\nvalid_from')))
    assert book.disease() is book.disease("flu")


def test_a_playbook_for_no_disease_in_particular_must_be_asked_for_one(book):
    with pytest.raises(NoSuchRule):
        book.disease()


def test_a_playbook_cannot_be_changed(book):
    with pytest.raises(ValidationError):
        book.issuer = "somebody else"
    with pytest.raises(TypeError):
        book.diseases["flu"] = None


def test_a_playbook_travels_to_another_process(book):
    assert pickle.loads(pickle.dumps(book)) == book
    assert deepcopy(book) == book


def test_equal_playbooks_hash_alike(book):
    assert {book, playbook.parse(SMALL)} == {book}


def test_a_comment_does_not_change_the_digest(book):
    assert playbook.parse("# a note\n" + SMALL).digest == book.digest


def test_a_number_changes_the_digest(book):
    assert playbook.parse(small(('war = "2h"', 'war = "1h"'))).digest != book.digest


def test_every_rule_makes_a_statement(book):
    rows = {row.path: row for row in book.statements()}
    assert rows.keys() == book.rules.keys()
    sent = rows["deadlines.parcel.sent"]
    assert (sent.value, sent.unit, sent.clause) == ("4h / 2h", "peace / war", "article 9")
    assert rows["contact.close.quarantine"].value == "7 facility + 3 home"
    assert rows["contact.close.test_days"].value == "1, 4, 10"
    assert rows["escalation.rungs"].value == "street, city"


def test_the_words_name_every_rule_and_its_source(book):
    words = book.as_words("en")
    assert "close contacts: quarantine: 7 days in a facility + 3 days at home" in words
    assert "[verified] article 3 an order" in words


def test_the_words_are_chinese_for_a_chinese_reader(book):
    assert "密切接触者·隔离管理：7天集中隔离＋3天居家隔离" in book.as_words("zh_Hans")
