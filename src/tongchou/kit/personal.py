"""Numbers that lead to one person, found in free text."""

import re

_DOCUMENT = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def names_somebody(text: str) -> bool:
    """Whether a text holds a resident identity number or a mobile number of the mainland.

    Names are not looked for, nor other documents.

    Examples
    --------
    >>> names_somebody("call 13800138000"), names_somebody("room 1203, bus 138")
    (True, False)
    """
    return bool(_DOCUMENT.search(text) or _MOBILE.search(text))
