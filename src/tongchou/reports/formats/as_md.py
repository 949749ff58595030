"""The report as Markdown: plain text that a chat, a mail and a repository can show."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from tongchou.reports.document import Chapter, Document
from tongchou.reports.facts.base import LANGUAGES
from tongchou.reports.facts.telling import moment


def made(drawn: Document) -> bytes:
    with translation.override(LANGUAGES[drawn.language]):
        return ("\n".join(_lines(drawn)).strip() + "\n").encode()


def _lines(drawn: Document) -> Iterator[str]:
    yield f"# {drawn.title}"
    yield ""
    yield facts_line(drawn)
    yield ""
    for chapter in drawn.chapters:
        yield f"## {chapter.number}{chapter.title}"
        yield ""
        yield from _chapter(chapter)
    yield from signature(drawn)
    for note in drawn.notes:
        yield ""
        yield f"> {note}"


def _chapter(chapter: Chapter) -> Iterator[str]:
    for paragraph in chapter.paragraphs:
        yield f"**{paragraph.number}{paragraph.title}** {paragraph.text}"
        yield ""
    for words in chapter.words:
        yield words
        yield ""
    if chapter.table:
        head, *body = chapter.table
        yield _row(head)
        yield _row(tuple("---" for _cell in head))
        for row in body:
            yield _row(row)
        yield ""


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def facts_line(drawn: Document) -> str:
    """Issuer, number, and of which moment the numbers are."""
    words = _("%(issuer)s. No. %(number)s. True at %(at)s, laid out at %(laid_out)s.") % {
        "issuer": drawn.issuer,
        "number": drawn.number or "–",
        "at": moment(drawn.at),
        "laid_out": moment(drawn.laid_out_at),
    }
    return words + (" " + _("Draft, not signed.") if drawn.is_draft else "")


def signature(drawn: Document) -> Iterator[str]:
    """Who signed when, to whom it goes, and the digest to check it by."""
    if drawn.signed_at is None:
        return
    yield _("Signed by: %(name)s") % {"name": drawn.signed_by}
    yield ""
    yield _("%(unit)s, %(day)s") % {"unit": drawn.issuer, "day": drawn.date_words}
    if drawn.to:
        yield ""
        yield _("To: %(unit)s") % {"unit": drawn.to}
    yield ""
    yield _("SHA-256 %(digest)s") % {"digest": drawn.digest}
