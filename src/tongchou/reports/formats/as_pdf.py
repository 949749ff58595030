"""The report as a PDF in the same form as the Word file; drawn by reportlab, no browser needed."""

import io
from typing import Any
from xml.sax.saxutils import escape

from django.utils import translation

from tongchou.reports.document import Chapter, Document
from tongchou.reports.facts.base import LANGUAGES
from tongchou.reports.formats import fonts, lines
from tongchou.reports.formats.as_md import facts_line, signature

MM = 72 / 25.4
LINE = 28


def made(drawn: Document) -> bytes:
    """The bytes of the .pdf; the same report always gives the same bytes."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    kept = io.BytesIO()
    paper = BaseDocTemplate(
        kept,
        pagesize=(210 * MM, 297 * MM),
        title=drawn.title,
        author=drawn.issuer,
        subject=drawn.digest,
        lang="zh-CN" if drawn.language == "zh" else "en",
        invariant=1,
    )
    frame = Frame(28 * MM, 35 * MM, 156 * MM, 225 * MM, 0, 0, 0, 0)
    paper.addPageTemplates(PageTemplate(frames=[frame], onPage=_number))
    with translation.override(LANGUAGES[drawn.language]):
        paper.build(_story(drawn))
    return kept.getvalue()


def _number(canvas: Any, paper: Any) -> None:
    canvas.setFont(fonts.name("text"), 14)
    canvas.drawCentredString(105 * MM, 22 * MM, f"— {paper.page} —")


def _story(drawn: Document) -> list[Any]:
    from reportlab.platypus import HRFlowable, Spacer

    looks, paragraph = _looks(), lines.paragraph()

    def line(text: str, look: str) -> Any:
        return paragraph(escape(text), looks[look])

    story = [line(drawn.head, "red"), Spacer(1, 6), line(facts_line(drawn), "small")]
    story += [HRFlowable(width="100%", thickness=2, color="#C00000", spaceBefore=4, spaceAfter=16)]
    story += [line(drawn.title, "title"), Spacer(1, 14)]
    for chapter in drawn.chapters:
        story += _chapter(chapter, line, looks)
    story.append(Spacer(1, LINE))
    for words in signature(drawn):
        if words:
            story.append(line(words, "small" if words.startswith("SHA") else "right"))
    story += [line(note, "small") for note in drawn.notes]
    return story


def _chapter(chapter: Chapter, line: Any, looks: dict[str, Any]) -> list[Any]:
    found = [line(f"{chapter.number}{chapter.title}", "head")]
    for paragraph in chapter.paragraphs:
        found.append(line(f"{paragraph.number}{paragraph.title}", "text"))
        found.append(line(paragraph.text, "text"))
    found += [line(words, "text") for words in chapter.words]
    if chapter.table:
        found.append(_table(chapter.table, looks))
    return found


def _table(rows: tuple[tuple[str, ...], ...], looks: dict[str, Any]) -> Any:
    from reportlab.platypus import Table

    paragraph = lines.paragraph()
    cells = [[paragraph(escape(text), looks["cell"]) for text in row] for row in rows]
    rest = (156 - 34 - 30) / max(len(rows[0]) - 2, 1)
    widths = [34 * MM, 30 * MM, *([rest * MM] * (len(rows[0]) - 2))]
    style = [("GRID", (0, 0), (-1, -1), 0.5, "#000000"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return Table(cells, colWidths=widths, repeatRows=1, style=style)


def _looks() -> dict[str, Any]:
    """Paragraph styles; where their lines break stands in `lines`."""
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    def look(role: str, size: float, **more: Any) -> Any:
        given = {"fontName": fonts.name(role), "fontSize": size, "leading": LINE, **more}
        return ParagraphStyle(f"{role}{size}{sorted(more)}", wordWrap="CJK", **given)

    return {
        "red": look("title", 26, alignment=TA_CENTER, textColor="#C00000", leading=36),
        "title": look("title", 22, alignment=TA_CENTER, leading=34),
        "head": look("head", 16, firstLineIndent=32, keepWithNext=1),
        "text": look("text", 16, firstLineIndent=32),
        "right": look("text", 16, alignment=TA_RIGHT),
        "small": look("text", 10.5, alignment=TA_CENTER, leading=16),
        "cell": look("text", 10.5, leading=14),
    }
