"""Which encoding a text file is in, with the reason; nothing is guessed that bytes can decide."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

#: what people may choose; the first name of each row is the one we use
KNOWN = {
    "utf-8": ("utf-8", "utf8", "utf-8-sig"),
    "gb18030": ("gb18030", "gbk", "gb2312", "cp936"),
    "windows-1252": ("windows-1252", "cp1252", "ansi"),
    "latin-1": ("latin-1", "latin1", "iso-8859-1"),
    "utf-16": ("utf-16", "utf16", "utf-16-le", "utf-16-be"),
}
_CHUNK = 1 << 18
#: A character of GB 2312 has both bytes above A0; an accented letter of a Western text is as a rule
#: followed by ASCII. Seven in ten tells them apart even in a list of names.
_MOSTLY = 0.7
_DOUBLE = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_COMMON = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")


class UnknownEncoding(ValueError):
    """The bytes fit none of the encodings we know."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is a codec of Python's; `reason` says to a person why it was taken."""

    name: str
    reason: str


def chosen(name: str) -> Encoding:
    """The encoding a person named, under any of its usual names."""
    wanted = name.strip().lower().replace("_", "-")
    for codec, aliases in KNOWN.items():
        if wanted in aliases:
            # a byte order mark is no part of the first column's name, whoever chose
            return Encoding("utf-8-sig" if codec == "utf-8" else codec, "chosen")
    raise UnknownEncoding(f"unknown encoding {name!r}; one of {', '.join(KNOWN)}")


def detect(file: BinaryIO) -> Encoding:
    """The encoding of a seekable file, read from its start; the place in the file is kept."""
    place = file.tell()
    try:
        return _by_mark(file.read(4)) or _by_content(file, place)
    finally:
        file.seek(place)


def _by_mark(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", "begins with the mark of UTF-8")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "begins with the mark of UTF-16")
    return None


def _by_content(file: BinaryIO, place: int) -> Encoding:
    file.seek(place)
    if _decodes(file, "utf-8"):
        return Encoding("utf-8", "every byte is valid UTF-8")
    file.seek(place)
    double, common = _pairs(file)
    file.seek(place)
    if double and common / double >= _MOSTLY and _decodes(file, "gb18030"):
        return Encoding("gb18030", f"not UTF-8, and {common} of {double} byte pairs are Chinese")
    file.seek(place)
    if _decodes(file, "windows-1252"):
        return Encoding("windows-1252", "not UTF-8, not Chinese: Western letters")
    return Encoding("latin-1", "not UTF-8, not Chinese, not Windows: Latin-1 takes every byte")


def _decodes(file: BinaryIO, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pairs(file: BinaryIO) -> tuple[int, int]:
    double = common = 0
    for line in file:
        found = _DOUBLE.findall(line)
        double += len(found)
        common += sum(1 for pair in found if _COMMON.fullmatch(pair))
    return double, common


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
