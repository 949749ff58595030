import tomllib

from hypothesis import given

from tests.playbook.small import SMALL, playbooks
from tongchou.playbook.lines import line_of_each_key, nearest_line

TRICKY = '''\
# a comment with [brackets] = and "quotes"
id = "a # b [c]"        # not a comment, then one

[a]
text = """
[not.a.table]
neither = "a key"
"""
literal = \'\'\'
still = 'nothing'
\'\'\'
list = [
  { site = "x", days = 1 },   # first
  { site = "y",
    days = 2 },
]
dotted.key = { deep = { deeper = 1.5 } }
"quoted key" = 2022-01-01
[ a . "b c" ]
last = [[1, 2], [3]]
'''


def test_keys_are_found_through_strings_comments_and_brackets():
    lines = line_of_each_key(TRICKY)
    assert lines[("id",)] == 2
    assert lines[("a",)] == 4
    assert lines[("a", "literal")] == 9
    assert lines[("a", "list", "0", "days")] == 13
    assert lines[("a", "list", "1", "site")] == 14
    assert lines[("a", "list", "1", "days")] == 15
    assert lines[("a", "dotted", "key", "deep", "deeper")] == 17
    assert lines[("a", "quoted key")] == 18
    assert lines[("a", "b c", "last")] == 20


def test_nothing_inside_a_string_is_a_key():
    keys = {step for path in line_of_each_key(TRICKY) for step in path}
    assert not keys & {"neither", "still", "not"}


def test_a_path_that_is_not_written_is_looked_for_in_what_holds_it():
    lines = line_of_each_key(SMALL)
    assert nearest_line(lines, ("contact", "close", "managed")) == lines[("contact", "close")]
    assert nearest_line(lines, ("zone", "high")) == 1


def paths(value, above=()):
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        path = (*above, str(key))
        if isinstance(value, dict):
            yield path
        if isinstance(part, dict | list):
            yield from paths(part, path)


@given(playbooks)
def test_every_key_of_every_playbook_stands_on_its_line(book):
    text = book.text
    found = line_of_each_key(text)
    written = text.split("\n")
    for path in paths(tomllib.loads(text)):
        assert path in found
        line = written[found[path] - 1]
        assert path[-1] in line or '"' in line
    assert {path for path in found if not path[-1].isdecimal()} <= set(paths(tomllib.loads(text)))
