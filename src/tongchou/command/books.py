"""Playbooks on the desk: shipped ones and those put forward, by one kind of name.

A reference is a shipped id (`cn-2022-06`), `p` and the number of a proposal (`p3`), or `now` for
the playbook in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongchou import playbook as playbooks
from tongchou.ledger import adoption as adoptions
from tongchou.ledger import policy
from tongchou.ledger.models import Adoption
from tongchou.playbook import Playbook, Rule
from tongchou.playbook.vocabulary import word

#: No key is as long; Python refuses to read thousands of digits at all.
_LONGEST = 20


class NoSuchBook(LookupError):
    """No playbook goes by this reference."""


@dataclass(frozen=True)
class Book:
    """A playbook with its reference; `adoption` where somebody put it forward."""

    ref: str
    playbook: Playbook
    adoption: Adoption | None = None
    in_force: bool = False


def find(ref: str, *, now: datetime) -> Book:
    """The playbook behind a reference."""
    current = in_force(now)
    if ref == "now":
        return current
    if ref in playbooks.shipped():
        found = playbooks.load(ref)
        return Book(ref, found, None, current.adoption is None and current.playbook == found)
    if ref.startswith("p") and ref[1:].isdecimal() and len(ref) < _LONGEST:
        adoption = Adoption.objects.filter(pk=int(ref[1:])).first()
        if adoption is not None:
            return of(adoption, now=now)
    raise NoSuchBook(ref)


def of(adoption: Adoption, *, now: datetime) -> Book:
    current = _newest(now)
    return Book(
        f"p{adoption.pk}",
        policy.of(adoption),
        adoption,
        current is not None and current.pk == adoption.pk,
    )


def as_adopted(adoption: Adoption, *, now: datetime) -> Book:
    """A waiting proposal as it would come into force now; see `adoption.standing`.

    Raises
    ------
    Outrun
        Where a playbook that came into force since changes the same rules in another way.
    """
    return Book(f"p{adoption.pk}", adoptions.standing(adoption, now=now), adoption, False)


def in_force(now: datetime) -> Book:
    """The playbook that hand-overs of this moment are due by."""
    adoption = _newest(now)
    if adoption is None:
        found = policy.of(None)
        return Book(found.id, found, None, True)
    return Book(f"p{adoption.pk}", policy.of(adoption), adoption, True)


def replaced(adoption: Adoption) -> Book:
    """The playbook that an adopted one took the place of."""
    assert adoption.adopted_at is not None
    return in_force(adoption.adopted_at - timedelta.resolution)


def _newest(now: datetime) -> Adoption | None:
    return Adoption.objects.filter(adopted_at__lte=now).order_by("-adopted_at", "-id").first()


def shelf(*, now: datetime) -> list[Book]:
    """The shipped playbooks, newest first."""
    every = [find(ref, now=now) for ref in playbooks.shipped()]
    return sorted(every, key=lambda book: book.playbook.valid_from, reverse=True)


@dataclass(frozen=True)
class Line:
    """One rule as a reader sees it."""

    path: str
    name: str
    value: str
    truth: str
    truth_label: str
    clause: str
    source: str


@dataclass(frozen=True)
class Section:
    """Rules that stand together: contacts, deadlines, zones."""

    name: str
    label: str
    lines: tuple[Line, ...]


def sections(book: Playbook, *, language: str, search: str = "") -> list[Section]:
    """The rules of a playbook by section; with `search` only those that hold its words."""
    found: dict[str, list[Line]] = {}
    titles = policy.titles(book, language=language)
    for path, rule in book.rules.items():
        name = playbooks.rule_name(path, language, titles=titles)
        line = _line(path, name, rule, language)
        if _holds(line, search):
            found.setdefault(path.partition(".")[0], []).append(line)
    return [Section(name, word(name, language), tuple(rows)) for name, rows in found.items()]


def _line(path: str, name: str, rule: Rule, language: str) -> Line:
    return Line(
        path,
        name,
        playbooks.rule_value(rule, language),
        rule.truth,
        playbooks.truth_name(rule.truth, language),
        rule.clause,
        playbooks.source_name(rule.source, language),
    )


def _holds(line: Line, search: str) -> bool:
    text = f"{line.path} {line.name} {line.value} {line.clause} {line.source}".lower()
    return all(part in text for part in search.lower().split())


@dataclass(frozen=True)
class Difference:
    """One rule that two playbooks put differently, in words."""

    path: str
    name: str
    before: str
    after: str
    words: str
    clause: str
    source: str
    only_provenance: bool


def differences(a: Playbook, b: Playbook, *, language: str) -> Iterable[Difference]:
    """What changes from `a` to `b`, rule by rule."""
    titles = policy.titles(a, b, language=language)
    for change in playbooks.difference(a, b):
        rule = change.after if isinstance(change.after, Rule) else change.before
        yield Difference(
            change.path,
            playbooks.rule_name(change.path, language, titles=titles),
            "" if change.before is None else playbooks.rule_value(change.before, language),
            "" if change.after is None else playbooks.rule_value(change.after, language),
            change.words(language),
            rule.clause if isinstance(rule, Rule) else "",
            playbooks.source_name(rule.source, language) if isinstance(rule, Rule) else "",
            change.only_provenance,
        )
