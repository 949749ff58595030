"""A report as a file: Word, PDF, Markdown, JSON. Each format loads its library when asked for."""

from importlib import import_module

from tongchou.reports import document, queries
from tongchou.reports.models import Correction, Report, Signed

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}


def made(kind: str, report: Report, signed: Signed | None, language: str) -> bytes:
    """The bytes of a report in one of `KINDS`; a draft says that it is one."""
    shown = signed if report.passage.stage != "due" else None
    corrections = queries.corrections(shown)
    content = queries.content_of(report, shown)
    return of_content(kind, content, language, shown, corrections)


def of_content(
    kind: str,
    content: dict[str, object],
    language: str,
    signed: Signed | None = None,
    corrections: list[Correction] | None = None,
) -> bytes:
    """The same from the content alone, for what is laid out and not kept."""
    notes = corrections or []
    if kind == "json":
        from tongchou.reports.formats import as_json

        return as_json.made(content, signed, notes)
    digest = signed.digest if signed else ""
    drawn = document.of(content, language, digest=digest, corrections=notes)
    module = import_module(f"tongchou.reports.formats.as_{kind}")
    made: bytes = module.made(drawn)
    return made
