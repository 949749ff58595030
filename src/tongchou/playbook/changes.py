"""What differs between two playbooks, rule by rule and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongchou.playbook.book import Local, Playbook
from tongchou.playbook.rules import Disease, Rule, Zone
from tongchou.playbook.words import Shown, rule_name, rule_value

_SECTIONS = [field.alias or name for name, field in Playbook.model_fields.items()]


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that two playbooks put differently; None where one of them has no such rule."""

    path: str
    before: Shown | None
    after: Shown | None
    words_zh: str
    words_en: str

    @property
    def only_provenance(self) -> bool:
        """The value stays; only its source, clause or truth label is another."""
        return (
            isinstance(self.before, Rule)
            and isinstance(self.after, Rule)
            and _content(self.before) == _content(self.after)
        )

    def words(self, lang: str) -> str:
        return self.words_zh if lang.startswith("zh") else self.words_en


def difference(a: Playbook, b: Playbook) -> tuple[Change, ...]:
    """Every rule that changes from `a` to `b`, in the order of the playbook.

    Empty exactly when the two rule alike: who issued them, and since when, is not compared.
    """
    before, after = dict(_facts(a)), dict(_facts(b))
    paths = [*after, *(path for path in before if path not in after)]
    return tuple(
        _change(path, before.get(path), after.get(path), a, b)
        for path in sorted(paths, key=lambda path: _SECTIONS.index(path.partition(".")[0]))
        if before.get(path) != after.get(path)
    )


def _facts(book: Playbook) -> Iterator[tuple[str, Shown]]:
    if book.main_disease is not None:
        yield "main_disease", book.main_disease
    titled: dict[str, Mapping[str, Disease | Zone | Local]] = {
        "disease": book.diseases,
        "zone": book.zones,
        "area": book.areas,
    }
    for section, table in titled.items():
        yield from ((f"{section}.{name}.title", part.title) for name, part in table.items())
    yield from book.rules.items()


def _content(rule: Rule) -> dict[str, object]:
    return {key: value for key, value in rule if key not in ("source", "truth", "clause")}


def _change(
    path: str, before: Shown | None, after: Shown | None, a: Playbook, b: Playbook
) -> Change:
    zh, en = (
        _words(
            rule_name(path, lang, after or before, a.titles(lang) | b.titles(lang)),
            before,
            after,
            lang,
        )
        for lang in ("zh", "en")
    )
    return Change(path, before, after, zh, en)


def _words(name: str, before: Shown | None, after: Shown | None, lang: str) -> str:
    zh = lang.startswith("zh")
    if before is None:
        said = rule_value(after or "", lang)
        return f"{name}：新增，{said}" if zh else f"{name}: new, {said}"
    if after is None:
        said = rule_value(before, lang)
        return f"{name}：取消（原为{said}）" if zh else f"{name}: dropped (was {said})"
    old, new = rule_value(before, lang), rule_value(after, lang)
    if old != new:
        return f"{name}：{old} → {new}" if zh else f"{name}: {old} → {new}"
    # The phrase is the same, so what changed is in the small print.
    small = "，".join(_small_print(before, after)) if zh else ", ".join(_small_print(before, after))
    return f"{name}：{small}" if zh else f"{name}: {small}"


def _small_print(before: Shown, after: Shown) -> Iterator[str]:
    """Fields that no phrase shows: sources and clauses above all."""
    old, new = _fields(before), _fields(after)
    for key in {**new, **old}:
        if old.get(key) != new.get(key):
            yield f"{key} {old.get(key, '')} → {new.get(key, '')}"


def _fields(shown: Shown) -> dict[str, object]:
    return {"name": shown} if isinstance(shown, str) else dict(shown)
