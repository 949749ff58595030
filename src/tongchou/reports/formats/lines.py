"""Where a line may end (避头尾): no comma begins one, no opening bracket ends one, no word is torn.

Of both languages, because what people write in a report stays in theirs. By itself reportlab breaks
Chinese anywhere, and keeps only the marks of Japanese from the head of a line.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

#: Marks that may not begin a line, and marks that may not end one.
NOT_FIRST = frozenset("，。、；：！？）》〉】〕」』”’…—～·％%,.;:!?)]}")
NOT_LAST = frozenset("（《〈【〔「『“‘([{￥¥")
#: How many characters a line is shortened by at most for the sake of its end.
BACK = 30
FUZZ = 0.01


def breaks(text: str, widths: Sequence[float], limits: Sequence[float]) -> list[tuple[float, str]]:
    """Lines of `text` as (room left, words); the last of `limits` holds for all further lines."""
    lines: list[tuple[float, str]] = []
    start = 0
    while start < len(text):
        limit = limits[min(len(lines), len(limits) - 1)]
        end, used = start, 0.0
        while end < len(text) and used + widths[end] <= limit + FUZZ:
            used += widths[end]
            end += 1
        end = len(text) if end == len(text) else _fair(text, start, max(end, start + 1))
        words = text[start:end].strip() if lines else text[start:end].rstrip()
        lines.append((limit - sum(widths[start:end]), words))
        start = end
    return lines


def _fair(text: str, start: int, end: int) -> int:
    """The nearest place at or before `end` at which a line may be broken."""
    for at in range(end, max(start, end - BACK), -1):
        if _may_break(text[at - 1], text[at]):
            return at
    return end


def _may_break(last: str, first: str) -> bool:
    if last in NOT_LAST or first in NOT_FIRST:
        return False
    # A number or a word of letters stays whole.
    return not (_latin(last) and _latin(first))


def joined(lines: Iterable[str]) -> str:
    """The text of lines again: a blank that ended one is put back between words of letters."""
    text = ""
    for line in lines:
        apart = text[-1:] and line and _latin(text[-1]) and _latin(line[0])
        text += f" {line}" if apart else line
    return text


def _latin(sign: str) -> bool:
    return sign.isascii() and not sign.isspace()


@cache
def paragraph() -> Any:
    """reportlab's paragraph with these lines."""
    from reportlab.lib.textsplit import getCharWidths
    from reportlab.platypus import Paragraph

    class Lines(Paragraph):  # type: ignore[misc]
        def breakLinesCJK(self, maxWidths: Any) -> Any:
            first = self.frags[0] if len(self.frags) == 1 else None
            if first is None or getattr(self, "_splitpara", False):
                return super().breakLinesCJK(maxWidths)
            # What a page break left for the next page comes as lines, not as text.
            text = first.text if hasattr(first, "text") else joined(first.words)
            limits = maxWidths if isinstance(maxWidths, list | tuple) else [maxWidths]
            widths = getCharWidths(text, first.fontName, first.fontSize)
            size = first.fontSize
            return first.clone(
                kind=0,
                lines=[(room, [words]) for room, words in breaks(text, widths, limits)],
                ascent=size,
                descent=-0.2 * size,
            )

    return Lines
