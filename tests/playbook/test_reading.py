"""Each way of getting a playbook wrong, and what the person who wrote it is told."""

import pytest

from tests.playbook.small import SMALL, child, parse_child, small
from tongchou import playbook
from tongchou.playbook import PlaybookError


def the_fault(text, **options):
    with pytest.raises(PlaybookError) as refused:
        playbook.parse(text, file="city.toml", **options)
    [fault] = refused.value.faults
    return fault


def line_of(text, words):
    return text[: text.index(words)].count("\n") + 1


# what is written instead of what, and what is said about it
WRONG = [
    ('war = "2h"', 'war = "5h"', "war_longer_than_peace", "war is never the slower"),
    ('war = "2h"', 'war = "0h"', "not_positive", "at least one minute"),
    ('war = "2h"', 'war = "2 hours"', "not_a_duration", 'Write "2h"'),
    ('war = "2h"', 'war = "5000d"', "duration_too_long", "Check the unit"),
    ('war = "2h", ', 'wra = "2h", war = "1h", ', "unknown", "Did you mean war?"),
    (', war = "2h"', "", "missing", "Add war."),
    ('sent = { peace = "4h", war = "2h"', 'sent = "2h" #', "bare_value", "{ peace = …, war = … }"),
    ('truth = "memory"\ntitle', "title", "no_truth", "verified, seen_in_weak_source"),
    ('source = "a later order", truth = "seed"', 'source = "a later order"', "no_truth", "seed"),
    ("sent = {", "sent = {}\nlost = {", "missing", "Add war."),
    ('truth = "seed"', 'truth = "sure"', "choice", "verified, seen_in_weak_source, seed"),
    ('site = "home"', 'site = "hotel"', "choice", "facility, home"),
    ("[contact.close]", "[contact.near]", "choice", "close, secondary, general"),
    ("days = 7", "days = 0", "out_of_range", "at least 1"),
    ("days = 7", "days = 500", "out_of_range", "at most 366"),
    ("days = 7", 'days = "7"', "wrong_type", "a whole number"),
    ("days = 7", "days = 7.0", "wrong_type", "a whole number"),
    ("mean_days = 2", "mean_days = 0", "out_of_range", "more than 0"),
    ("mean_days = 2", "mean_days = nan", "wrong_type", "a finite number"),
    ("test_days = [1, 4, 10]", "test_days = [1, 10, 4]", "test_days_out_of_order", "first to last"),
    ("test_days = [1, 4, 10]", "test_days = [1, 4, 11]", "test_after_release", "release on day 10"),
    ("test_days = [1, 4, 10]", "test_days = 4", "wrong_type", "a list such as"),
    ("test_days = [1, 4, 10]", "managed = false", "unmanaged_yet_quarantined", "without"),
    ("from_days = -1", "from_days = 6", "window_backwards", "a negative day is before onset"),
    ("2022-01-01", '"2022-01-01"', "wrong_type", "without quotes"),
    ('"A city"', '" "', "empty", "Fill it in"),
    ('"A city"', f'"{"x" * 601}"', "out_of_range", "at most 600 characters"),
    ('id = "small"', f'id = "{"x" * 61}"', "out_of_range", "at most 60 characters"),
    ("value = 2,", "value = -1,", "out_of_range", "at least 0"),
    ("value = 2,", "value = 99999,", "out_of_range", "at most 3660"),
    ("valid_from = 2022-01-01", "valid_from = 2022-01-01T00:00:00", "wrong_type", "a date such as"),
    ('id = "small"', 'id = "Small one"', "bad_name", "small letters"),
    ('rungs = ["street", "city"]', "rungs = []", "empty", "Fill it in"),
    ('title = { zh = "流感", en = "Flu" }', 'title = "Flu"', "bare_value", "{ zh = …, en = … }"),
    ("valid_from =", 'main_disease = "fluu"\nvalid_from =', "no_such_disease", "[disease.fluu]"),
    ("valid_from =", "complete = 1\nvalid_from =", "wrong_type", "true or false"),
    ("valid_from =", "without = 1\nvalid_from =", "wrong_type", "a list of paths"),
    ("valid_from =", 'isuer = "x"\nvalid_from =', "unknown", "Did you mean issuer?"),
    ('[escalation]\nsource = "an order"', "[escalation]\nsource = 3", "wrong_type", "in quotes"),
]


@pytest.mark.parametrize(("right", "wrong", "kind", "mend"), WRONG)
def test_a_mistake_is_named_with_its_mending(right, wrong, kind, mend):
    with pytest.raises(PlaybookError) as refused:
        playbook.parse(small((right, wrong)), file="city.toml")
    found = {fault.kind: fault for fault in refused.value.faults}
    assert mend in found[kind].as_words("en")
    assert found[kind].reason("zh")
    assert "{" not in found[kind].reason("en") + found[kind].reason("zh")


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('war = "2h"', 'war = "5h"', "sent ="),
        ('site = "home"', 'site = "hotel"', "quarantine ="),
        ("test_days = [1, 4, 10]", "test_days = [1, 4, 11]", "[contact.close]"),
        ('within = "2h"', 'within = "soon"', "report ="),
    ],
)
def test_a_mistake_is_found_on_its_line(right, wrong, words):
    text = small((right, wrong))
    fault = the_fault(text)
    assert (fault.file, fault.line) == ("city.toml", line_of(text, words))


def test_an_error_reads_like_a_compilers():
    fault = the_fault(small(('war = "2h"', 'war = "5h"')))
    assert fault.as_words("en").startswith("city.toml:26: deadlines.parcel.sent: The time at war")
    assert "战时时限长于平时。请缩短 war" in fault.as_words("zh")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = small(('"A city"', '""'), ("days = 7", "days = 0"), ('war = "2h"', 'war = "x"'))
    with pytest.raises(PlaybookError) as refused:
        playbook.parse(text)
    lines = [fault.line for fault in refused.value.faults]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_what_is_not_toml_is_told_with_its_line():
    fault = the_fault("id = 'a'\ntitle = {\n")
    assert (fault.kind, fault.line) == ("not_toml", 2)


def test_an_unfinished_text_ends_on_its_last_line():
    assert the_fault('id = "a"\ntitle = """x\n\n').line == 4


def test_a_section_that_is_no_table_is_told_how_to_become_one():
    fault = the_fault(small(("[escalation]", "[group]\nentrant = 3\n[escalation]")))
    assert "[group.entrant]" in fault.mend("en")


def test_a_playbook_without_contacts_lacks_close_contacts():
    start, end = SMALL.index("[contact.close]"), SMALL.index("[deadlines.parcel]")
    text = SMALL[:start] + "[contact.general]\n" + SMALL[end:]
    assert the_fault(text).kind == "no_close_contacts"


def test_a_zone_must_step_down_to_another_zone():
    zone = """
[zone.high]
source = "s"
truth = "seed"
title = { zh = "高", en = "high" }
unit = { zh = "楼", en = "house" }
people = { zh = "人", en = "people" }
lift = { clean_days = 5, to = "low" }
"""
    fault = the_fault(SMALL + zone)
    assert fault.kind == "lift_leads_nowhere"
    assert "high is lifted to low" in fault.reason("en")


def test_a_group_can_be_left_alone_on_purpose():
    body = '[group.visitor]\nmanaged = { value = false, source = "s", truth = "seed" }'
    assert not parse_child(body).group("visitor").managed


def test_managed_people_need_days():
    body = '[group.visitor]\nmanaged = { value = true, source = "s", truth = "seed" }'
    fault = the_fault(SMALL + body)
    assert fault.kind == "managed_without_quarantine"


def test_a_byte_order_mark_does_no_harm():
    assert playbook.parse("\ufeff" + SMALL) == playbook.parse(SMALL)


def test_a_playbook_extending_one_that_nobody_has_is_told_the_nearest():
    text = child(base="cn-bse")
    fault = the_fault(text)
    assert (fault.kind, fault.line) == ("unknown_playbook", line_of(text, "extends"))
    assert fault.mend("en") == "Did you mean cn-base?"


def test_an_id_to_extend_is_a_word():
    assert the_fault(child().replace('"small"', "3")).kind == "unknown_playbook"


def test_an_unforeseen_refusal_is_still_told():
    from tongchou.playbook.faults import Fault

    fault = Fault("f.toml", 3, "a.b", "never heard of", {"reason": "Odd."})
    assert fault.as_words("en").startswith("f.toml:3: a.b: Odd. Compare with the handbook")


OWN = """
[area.370404]
title = { zh = "峄城区", en = "Yicheng" }

[area.370404.deadlines.parcel]
source = "the district's order"
truth = "verified"
sent = { peace = "3h", war = "1h" }
"""


def test_an_area_has_times_of_its_own_there_and_below():
    book = playbook.parse(SMALL + OWN)
    assert book.deadline("parcel", "sent", "370000/370400/370404/370404001/").war.seconds == 3600
    assert book.deadline("parcel", "sent", "370000/370400/370402/").war.seconds == 7200
    assert book.deadline("parcel", "sent").war.seconds == 7200


def test_what_an_area_does_not_settle_is_the_citys():
    book = playbook.parse(SMALL + OWN)
    own = book.deadline("parcel", "received", "370000/370400/370404/")
    assert own is book.deadline("parcel", "received")


def test_the_lowest_area_goes_before_the_one_above():
    street = OWN.replace("370404", "370404001").replace('"1h"', '"30m"')
    book = playbook.parse(SMALL + OWN + street)
    path = "370000/370400/370404/370404001/"
    assert book.deadline("parcel", "sent", path).war.seconds == 1800


def test_the_rules_of_an_area_come_back_from_its_text():
    book = playbook.parse(SMALL + OWN)
    assert playbook.parse(book.text) == book
    assert "峄城区" in book.as_words("zh")


def test_a_time_of_an_area_for_no_stage_is_refused_with_its_line():
    with pytest.raises(PlaybookError) as refused:
        playbook.parse(SMALL + OWN.replace("sent =", "snet ="))
    [fault] = refused.value.faults
    assert fault.kind == "unknown_stage"
    assert fault.path == "area.370404.deadlines.parcel.snet"
    assert "sent" in fault.mend("en")
