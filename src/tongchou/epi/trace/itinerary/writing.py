"""A text brought to one way of writing, character for character, so that spans stay true."""

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SAME = {
    "　": " ",
    "\t": " ",
    "\r": " ",
    "\u00a0": " ",
    "〇": "零",
    "○": "零",
    "﹕": ":",
    "∶": ":",
    "—": "-",
    "–": "-",
    "−": "-",
    "－": "-",
    "─": "-",
    "‐": "-",
    "～": "-",
    "~": "-",
    "〜": "-",
    "㝉": "宁",  # how some archives write 宁
}
_TABLE: dict[int, int | str] = {**_FULL, **{ord(k): v for k, v in _SAME.items()}}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "元": 1}


def plain(text: str) -> str:
    """The text with half-width letters, digits and brackets and one kind of dash.

    As long as the text that came in: position n of one is position n of the other.

    Examples
    --------
    >>> plain("１月２日～３日，（Ｇ１２３次）")
    '1月2日-3日,(G123次)'
    """
    return text.translate(_TABLE)


def number(words: str) -> int | None:
    """A number below 100 in digits or Chinese words; None if it is neither.

    Examples
    --------
    >>> number("二十三"), number("十"), number("08"), number("廿九"), number("家")
    (23, 10, 8, 29, None)
    """
    if words.isascii():
        return int(words) if words.isdigit() else None
    words = words.replace("廿", "二十").replace("卅", "三十").removeprefix("初")
    tens, ten, ones = words.rpartition("十")
    if any(c not in _DIGITS for c in tens + ones) or len(tens) > 1 or (ten and len(ones) > 1):
        return None
    if not ten:
        value = 0
        for c in ones:
            value = value * 10 + _DIGITS[c]
        return value if ones else None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
