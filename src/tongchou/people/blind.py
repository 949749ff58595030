"""Blind indexes: a keyed digest by which an exact number is found without being stored readably.

Each column has a label of its own, so equal texts in two columns do not look equal. The names of a
city are few and unevenly common, so a name is never indexed alone, but with birth year and area.
"""

import hashlib
import hmac
import unicodedata

from django.conf import settings

_LENGTH = 32  # hex digits: 128 bits, no two of a country's people collide by chance


def index(label: str, normal: str) -> str:
    """The digest of a text in its one written form; empty for an empty text."""
    if not normal:
        return ""
    return hmac.digest(_key(), f"{label}|{normal}".encode(), "sha256").hex()[:_LENGTH]


def document(kind: str, number: str) -> str:
    """Of a number as `documents.read` writes it. Passports of two countries may share a number."""
    return index(f"document:{kind}", number)


def phone(number: str) -> str:
    """Of a number as `documents.read_phone` writes it."""
    return index("phone", number)


def likeness(name: str, birth_year: int | None, area_code: str | None) -> str:
    """Of name, birth year and area together; empty unless all three are known."""
    if not (name and birth_year and area_code):
        return ""
    return index("likeness", f"{same_name(name)}|{birth_year}|{area_code}")


def same_name(name: str) -> str:
    """A name as it is compared: without spaces, middle dots and case."""
    narrow = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in narrow if c.isalnum())


def key_mark() -> str:
    """Which index key is in use, without telling the key: rows indexed by another are re-made."""
    return hmac.new(_key(), b"mark", hashlib.sha256).hexdigest()[:8]


def _key() -> bytes:
    key: bytes = settings.PII_INDEX_KEY
    return key
