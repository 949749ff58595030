import pytest

from tests.playbook.small import SMALL, child, parse_child, small
from tongchou import playbook
from tongchou.playbook import PlaybookError


def the_fault(body="", *, head=""):
    with pytest.raises(PlaybookError) as refused:
        parse_child(body, head=head)
    [fault] = refused.value.faults
    return fault


def test_a_child_that_says_nothing_rules_as_its_parent():
    assert playbook.difference(playbook.parse(SMALL), parse_child()) == ()


def test_a_child_speaks_for_itself_about_who_it_is():
    book = parse_child()
    assert (book.id, book.title.en, str(book.valid_from)) == ("child", "Child", "2022-02-01")
    assert book.extends == "small"


def test_a_rule_is_replaced_whole():
    book = parse_child(
        """
[contact.close]
quarantine = { value = [{ site = "home", days = 10 }], source = "new", truth = "seed" }
"""
    )
    assert [part.site for part in book.contact("close").quarantine] == ["home"]
    assert book.clause_of("contact.close.quarantine") == ("", "new")


def test_a_rule_keeps_nothing_of_the_source_it_replaces():
    fault = the_fault("[contact.close.look_back_days]\nvalue = 4\ntruth = 'seed'")
    assert (fault.kind, fault.path) == ("no_source", "contact.close.look_back_days.source")


def test_rules_beside_a_replaced_one_stay():
    book = parse_child(
        '[deadlines.parcel]\nsent = { peace = "3h", war = "1h", source = "new", truth = "seed" }'
    )
    assert str(book.deadline("parcel", "sent").peace) == "3:00:00"
    assert book.deadline("parcel", "received") == playbook.parse(SMALL).deadline(
        "parcel", "received"
    )


def test_days_that_no_longer_fit_the_tests_are_noticed():
    body = """
[contact.close]
quarantine = { value = [{ site = "home", days = 5 }], source = "new", truth = "seed" }
"""
    assert the_fault(body).kind == "test_after_release"


def test_a_misspelt_stage_does_not_leave_the_old_deadline_standing_unseen():
    body = '[deadlines.parcel]\nsnt = { peace = "3h", war = "1h", source = "new", truth = "seed" }'
    fault = the_fault(body)
    assert fault.kind == "unknown_stage"
    assert fault.mend("en") == "Did you mean sent?"


def test_a_new_loop_may_have_any_stage():
    body = (
        '[deadlines.letter]\nposted = { peace = "3h", war = "1h", source = "new", truth = "seed" }'
    )
    assert ("letter", "posted") in parse_child(body).deadlines


def test_a_rule_can_be_left_out():
    book = parse_child(head='without = ["contact.close.test_days"]')
    assert book.contact("close").test_days == ()


def test_what_is_left_out_must_be_there():
    fault = the_fault(head='without = ["contact.close.test_dys"]')
    assert fault.kind == "nothing_to_leave_out"
    assert fault.mend("en") == "Did you mean test_days?"


def test_leaving_out_what_lies_below_nothing_is_told_too():
    assert the_fault(head='without = ["id.x.y"]').kind == "nothing_to_leave_out"


def test_a_table_that_states_a_source_states_it_for_each_of_its_rules():
    book = playbook.parse(
        small(
            (
                '[contact.close]\nsource = "an order"\ntruth = "verified"\nclause = "article 3"',
                '[contact]\nsource = "above"\ntruth = "seed"\n[contact.close]',
            )
        )
    )
    assert book.clause_of("contact.close.test_days") == ("", "above")


def test_a_stored_playbook_gets_the_deadlines_that_an_upgrade_brings():
    stored = playbook.parse(SMALL)
    newer = parse_child(
        """
[deadlines.letter]
posted = { peace = "3h", war = "1h", source = "new", truth = "seed" }
[retention]
itinerary_days = { value = 99, source = "new", truth = "seed" }
"""
    )
    book = playbook.filled(stored, newer)
    assert book.id == "small"
    assert ("letter", "posted") in book.deadlines
    assert book.retention.itinerary_days == 10


def test_a_stored_playbook_gets_the_courses_and_the_response_that_an_upgrade_brings():
    book = playbook.filled(playbook.parse(SMALL), playbook.load("cn-base"))
    assert book.course("covid19_wild").r0.value == 2.87
    assert book.response == playbook.load("cn-base").response


def test_filling_a_playbook_that_lacks_nothing_changes_nothing():
    book = playbook.parse(SMALL)
    assert playbook.filled(book, parse_child()).digest == book.digest


def test_a_child_of_a_faulty_parent_points_at_the_parent():
    parent = small(('war = "2h"', 'war = "9h"'))
    with pytest.raises(PlaybookError) as refused:
        playbook.parse(
            child(), resolve=lambda _: playbook.parse(parent, file="parent.toml"), file="child.toml"
        )
    first, second = refused.value.faults
    assert (first.file, first.kind) == ("child.toml", "base_is_faulty")
    assert (second.file, second.kind) == ("parent.toml", "war_longer_than_peace")
