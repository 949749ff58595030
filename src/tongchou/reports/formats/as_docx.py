"""The report as a Word file, in the form of Chinese offices (GB/T 9704-2012).

A4 with the margins of the standard, title 小标宋 二号, text 仿宋 三号 at 28 points a line, first
headings 黑体, second 楷体, page number between dashes. The fonts are named, not embedded: the
machines of an office have them, and elsewhere Word puts its own in their place.
"""

import io
from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from tongchou.reports.document import Chapter, Document
from tongchou.reports.facts.base import LANGUAGES
from tongchou.reports.formats.as_md import facts_line, signature

RED = (0xC0, 0x00, 0x00)
TITLE, HEAD1, HEAD2, TEXT = "方正小标宋简体", "黑体", "楷体", "仿宋"
LATIN = "Times New Roman"
LINE = 28  # points: 22 lines on a page


def made(drawn: Document) -> bytes:
    """The bytes of the .docx."""
    with translation.override(LANGUAGES[drawn.language]):
        paper = _Paper(drawn)
        paper.write()
    return paper.bytes()


class _Paper:
    """One document being written; python-docx is loaded only here."""

    def __init__(self, drawn: Document) -> None:
        import docx
        from docx.shared import Mm

        self.drawn = drawn
        self.docx = docx.Document()
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        about = self.docx.core_properties
        about.title, about.author, about.language = drawn.title, drawn.issuer, drawn.language
        about.created = about.modified = _naive(drawn.signed_at or drawn.laid_out_at)
        about.comments = drawn.digest

    def write(self) -> None:
        drawn = self.drawn
        self.line(drawn.head, TITLE, 26, colour=RED, centre=True, after=6)
        self.rule(facts_line(drawn))
        self.line(drawn.title, TITLE, 22, centre=True, before=14, after=14)
        for chapter in drawn.chapters:
            self.chapter(chapter)
        for words in signature(drawn):
            if words:
                self.line(words, TEXT, 16, right=not words.startswith("SHA"))
        for note in drawn.notes:
            self.line(note, HEAD2, 14)
        self.number_pages()

    def chapter(self, chapter: Chapter) -> None:
        self.line(f"{chapter.number}{chapter.title}", HEAD1, 16, indent=True, heading=1)
        for paragraph in chapter.paragraphs:
            self.line(f"{paragraph.number}{paragraph.title}", HEAD2, 16, indent=True, heading=2)
            self.line(paragraph.text, TEXT, 16, indent=True)
        for words in chapter.words:
            self.line(words, TEXT, 16, indent=True)
        if chapter.table:
            self.table(chapter.table)

    def line(
        self,
        text: str,
        font: str,
        size: float,
        *,
        colour: tuple[int, int, int] | None = None,
        centre: bool = False,
        right: bool = False,
        indent: bool = False,
        before: float = 0,
        after: float = 0,
        heading: int = 0,
    ) -> Any:
        from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
        from docx.shared import Pt, RGBColor

        style = f"Heading {heading}" if heading else "Normal"
        paragraph = self.docx.add_paragraph(style=style)
        form = paragraph.paragraph_format
        form.line_spacing, form.space_before, form.space_after = Pt(LINE), Pt(before), Pt(after)
        if size > LINE - 4:
            form.line_spacing = Pt(size * 1.4)
        if indent:
            form.first_line_indent = Pt(2 * size)  # two characters
        form.alignment = ALIGN.CENTER if centre else ALIGN.RIGHT if right else ALIGN.LEFT
        run = paragraph.add_run(text)
        _dress(run, font, size)
        run.font.color.rgb = RGBColor(*(colour or (0, 0, 0)))
        return paragraph

    def rule(self, text: str) -> None:
        """The line of issuer and date with the red rule below it."""
        paragraph = self.line(text, TEXT, 12, centre=True)
        border = _element("w:pBdr")
        border.append(_element("w:bottom", val="single", sz="18", space="4", color="C00000"))
        paragraph._p.get_or_add_pPr().append(border)

    def table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        table = self.docx.add_table(rows=len(rows), cols=len(rows[0]))
        table.style = "Table Grid"
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                _dress(cell.paragraphs[0].add_run(text), TEXT, 10.5)

    def number_pages(self) -> None:
        """— 1 —, in the middle of the foot; Word counts."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

        paragraph = self.docx.sections[0].footer.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER
        _dress(paragraph.add_run("— "), "宋体", 14)
        run = paragraph.add_run()
        _dress(run, "宋体", 14)
        for kind in ("begin", "", "end"):
            if kind:
                run._r.append(_element("w:fldChar", fldCharType=kind))
            else:
                code = _element("w:instrText")
                code.text = "PAGE"
                run._r.append(code)
        _dress(paragraph.add_run(" —"), "宋体", 14)

    def bytes(self) -> bytes:
        kept = io.BytesIO()
        self.docx.save(kept)
        return kept.getvalue()


def _dress(run: Any, font: str, size: float) -> None:
    """Chinese and Latin letters have a font each; Word keeps the Chinese one in another place."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name, run.font.size = LATIN, Pt(size)
    run.font.bold = False
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)  # python-docx writes UTC and wants no zone
