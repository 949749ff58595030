"""A report as a document, from which every format is drawn: head, chapters, judgement, signature.

The form is that of a Chinese office's bulletin (简报): red head with issuer and date, 一、（一）,
then who signed it and to whom it goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongchou.reports import frozen
from tongchou.reports.facts import catalogue
from tongchou.reports.facts.base import LANGUAGES
from tongchou.reports.models import Correction

DIGITS = "零一二三四五六七八九"
#: Which facts stand in one paragraph, by the beginning of their key.
GROUPS = {
    "cases": gettext_lazy("Cases"),
    "care": gettext_lazy("Cases"),
    "deaths": gettext_lazy("Cases"),
    "recovered": gettext_lazy("Cases"),
    "outcome": gettext_lazy("Cases"),
    "official": gettext_lazy("Official counts"),
    "contacts": gettext_lazy("Contacts and quarantine"),
    "quarantine": gettext_lazy("Contacts and quarantine"),
    "window": gettext_lazy("Hours of this report"),
    "tempo": gettext_lazy("Tempo"),
    "problems": gettext_lazy("List of problems"),
    "tasks": gettext_lazy("List of key tasks"),
    "gaps": gettext_lazy("Gaps"),
    "legs": gettext_lazy("Hand-offs in time and late"),
    "capacity": gettext_lazy("Rooms for quarantine"),
    "readiness": gettext_lazy("Readiness"),
    "forecast": gettext_lazy("Forecasts"),
    "decisions": gettext_lazy("Decisions"),
    "orders": gettext_lazy("Orders"),
    "requests": gettext_lazy("Requests for reports"),
    "below": gettext_lazy("Reports from below"),
    "feeds": gettext_lazy("Sources"),
}


@dataclass(frozen=True)
class Sentence:
    """One fact in words, with all that stands behind it."""

    key: str
    text: str
    name: str
    value: float | int | None
    before: float | int | None
    state: str
    at: datetime
    since: datetime | None
    definition: str
    link: str


@dataclass(frozen=True)
class Paragraph:
    """（一）and what it tells; `text` is the sentences one after another."""

    number: str
    title: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        between = "" if translation.get_language() == "zh-hans" else " "
        return between.join(each.text for each in self.sentences)


@dataclass(frozen=True)
class Chapter:
    """一、and its paragraphs; `table` where the level below is put side by side."""

    number: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    words: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Document:
    """What every format draws, in one language."""

    language: str
    head: str
    title: str
    issuer: str
    number: str
    on: date
    at: datetime
    laid_out_at: datetime
    chapters: tuple[Chapter, ...]
    signed_by: str
    signed_at: datetime | None
    to: str
    digest: str
    notes: tuple[str, ...]

    @property
    def is_draft(self) -> bool:
        return self.signed_at is None

    @property
    def date_words(self) -> str:
        day = timezone.localtime(self.signed_at or self.laid_out_at).date()
        return day_words(day, self.language)


def of(
    content: Mapping[str, Any],
    language: str,
    *,
    digest: str = "",
    corrections: Iterable[Correction] = (),
) -> Document:
    """The document of a frozen report, or of a draft's facts and words."""
    code = "zh" if language.startswith("zh") else "en"
    with translation.override(LANGUAGES[code]):
        return _document(content, code, digest, list(corrections))


def _document(
    content: Mapping[str, Any], code: str, digest: str, corrections: Sequence[Correction]
) -> Document:
    on = date.fromisoformat(content["on"])
    owner = content["unit"]["name"] if content["unit"] else content["area"][code]
    signed = content.get("signed_by") or {}
    chapters = [*_chapters(content["facts"], code), *_words(content)]
    return Document(
        language=code,
        head=_("Epidemic prevention and control: daily report"),
        title=_("Daily report of %(owner)s, %(day)s")
        % {"owner": owner, "day": day_words(on, code)},
        issuer=signed.get("unit") or owner,
        number=content.get("number", ""),
        on=on,
        at=frozen.unstamp(content["at"]),
        laid_out_at=frozen.unstamp(content["laid_out_at"]),
        chapters=tuple(
            Chapter(_outer(n, code), c.title, c.paragraphs, c.words, c.table)
            for n, c in enumerate(chapters, start=1)
        ),
        signed_by=signed.get("name", ""),
        signed_at=frozen.unstamp(content["signed_at"]) if content.get("signed_at") else None,
        to=content.get("to", ""),
        digest=digest,
        notes=tuple(_note(each, code) for each in corrections),
    )


def _chapters(facts: Sequence[Mapping[str, Any]], code: str) -> list[Chapter]:
    found = []
    for section, title in catalogue.SECTIONS.items():
        told = [fact for fact in facts if fact["section"] == section and fact["said"][code]]
        groups: dict[str, list[Sentence]] = {}
        for fact in told:
            group = str(GROUPS[fact["key"].partition(".")[0]])
            groups.setdefault(group, []).append(_sentence(fact, code))
        paragraphs = tuple(
            Paragraph(_inner(n, code), name, tuple(sentences))
            for n, (name, sentences) in enumerate(groups.items(), start=1)
        )
        if paragraphs:
            found.append(Chapter("", str(title), paragraphs, table=_table(told, code)))
    return found


def _sentence(fact: Mapping[str, Any], code: str) -> Sentence:
    return Sentence(
        key=fact["key"],
        text=fact["said"][code],
        name=fact["name"][code],
        value=fact["value"],
        before=fact["before"],
        state=fact["state"],
        at=frozen.unstamp(fact["at"]),
        since=frozen.unstamp(fact["since"]) if fact["since"] else None,
        definition=fact["definition"][code],
        link=fact["link"],
    )


def _table(facts: Iterable[Mapping[str, Any]], code: str) -> tuple[tuple[str, ...], ...]:
    """The reports from below side by side, where there are any."""
    rows: list[dict[str, Any]] = next((f["more"]["rows"] for f in facts if "rows" in f["more"]), [])
    if not rows:
        return ()
    from tongchou.reports.facts.below import SHOWN

    entries = catalogue.entries()
    head = (_("Whose"), _("Report"), *(str(entries[key].name) for key in SHOWN))
    body = [
        (row["of"], row["state_name"][code], *(_cell(row["numbers"].get(key)) for key in SHOWN))
        for row in rows
    ]
    return (head, *body)


def _cell(value: Any) -> str:
    return "–" if value is None else str(value)


def _words(content: Mapping[str, Any]) -> list[Chapter]:
    """What a person wrote, or that nobody did."""
    found = []
    for name, title in (("judgement", _("Judgement")), ("requests", _("What is asked for"))):
        text = content.get(name, "")
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        found.append(Chapter("", title, words=lines or (pgettext("written part", "None."),)))
    return found


def _note(correction: Correction, code: str) -> str:
    entry = catalogue.entries().get(correction.key)
    names = {"judgement": _("Judgement"), "requests": _("What is asked for")}
    return _(
        "Corrected on %(day)s by %(by)s: %(what)s, “%(said)s” should be “%(right)s”. %(why)s"
    ) % {
        "day": day_words(timezone.localtime(correction.at).date(), code),
        "by": correction.by,
        "what": entry.name if entry else names.get(correction.key, correction.key),
        "said": correction.said,
        "right": correction.right,
        "why": correction.why,
    }


def day_words(day: date, language: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B %Y}"


def _outer(number: int, code: str) -> str:
    return f"{chinese(number)}、" if code == "zh" else f"{number}. "


def _inner(number: int, code: str) -> str:
    return f"（{chinese(number)}）" if code == "zh" else f"({number}) "


def chinese(number: int) -> str:
    """Numbers up to 99 as chapters are counted.

    >>> chinese(9), chinese(10), chinese(21)
    ('九', '十', '二十一')
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")
