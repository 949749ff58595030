"""Photos as they come from a phone: told by their first bytes, and freed of what they give away.

A phone writes into a photo where and when it was taken, with which device, and often a small copy
of the picture. Nothing is decoded here, so no crafted picture can harm: the segments that hold
such things are left out, and the bytes of the picture itself stay as they are. Which way up the
phone was held is the one thing kept, or photos would lie on their side.
"""

import struct
import zlib

from django.utils.translation import gettext as _

from tongchou.people.errors import BadPicture

MAX_BYTES = 12 * 1024 * 1024
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
#: Kept of a JPEG: JFIF and what says how to read the colours. EXIF, XMP, GPS, makers' notes go.
_APPS_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
#: Kept of a PNG beside its critical chunks: colour and transparency, no text, no time, no EXIF.
_CHUNKS_KEPT = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"cICP"}
_EXIF, _ORIENTATION = b"Exif\0\0", 0x0112
_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE


def media_type(content: bytes) -> str:
    """The type of a photo that is taken.

    Raises
    ------
    BadPicture
        Where the file is empty, too large, or neither JPEG nor PNG.
    """
    if not content:
        raise BadPicture(_("This photo is empty. Take it again."))
    if len(content) > MAX_BYTES:
        raise BadPicture(
            _("This photo is larger than %(n)d MB. Choose a smaller size in the camera.")
            % {"n": MAX_BYTES // 1024 // 1024}
        )
    if content.startswith(JPEG):
        return "image/jpeg"
    if content.startswith(PNG):
        return "image/png"
    raise BadPicture(
        _("Only JPEG and PNG are kept. On an iPhone: Settings, Camera, Formats, Most compatible.")
    )


def bare(content: bytes) -> bytes:
    """The same picture without place, time, device, thumbnails and comments.

    Raises
    ------
    BadPicture
        Where it is no whole photo.
    """
    try:
        return _bare_jpeg(content) if media_type(content) == "image/jpeg" else _bare_png(content)
    except (struct.error, IndexError):
        raise BadPicture(_("This photo is cut off or damaged. Take it again.")) from None


def _bare_jpeg(content: bytes) -> bytes:
    """Segment by segment: marker, length, body. Pixels begin after the first scan's head."""
    kept, at, way_up = [content[:2]], 2, 1
    while True:
        if content[at] != 0xFF:
            raise IndexError
        while content[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = content[at + 1]
        if marker in _NO_LENGTH:
            at += 2
            continue
        if marker in (_SCAN, _END):
            break
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise IndexError
        if marker == 0xE1 and body.startswith(_EXIF):
            way_up = orientation(body[len(_EXIF) :])
        elif _keeps(marker, body):
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    if way_up != 1:
        kept.insert(1, _way_up(way_up))
    return b"".join(kept) + _pixels(content, at)


def _keeps(marker: int, body: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if 0xE0 <= marker <= 0xEF:
        return body.startswith(_APPS_KEPT.get(marker, b"\xff\xff\xff\xff"))
    return True


def _pixels(content: bytes, at: int) -> bytes:
    """From the first scan to the end mark; what is hidden behind it, or between scans, is left out.

    A progressive photo has further tables and scans: between scans a marker is followed by its
    length, within one 0xFF is followed by 0 or a restart mark.
    """
    kept, start = [], at
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise IndexError
        marker = content[at + 1]
        if marker == _END:
            kept.append(content[start : at + 2])
            return b"".join(kept)
        if marker == 0xFF:
            at += 1
        elif marker == 0 or marker in _NO_LENGTH:
            at += 2
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            after = at + 2 + max(length, 2)
            if marker == _COMMENT or 0xE0 <= marker <= 0xEF:
                kept.append(content[start:at])
                start = after
            at = after


def orientation(tiff: bytes) -> int:
    """Which way up the phone was held, 1 to 8, from the TIFF part of EXIF; 1 where it is silent."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 1
    (n,) = struct.unpack_from(f"{order}H", tiff, first)
    for place in range(first + 2, min(first + 2 + 12 * n, len(tiff) - 11), 12):
        tag, kind, _n, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if tag == _ORIENTATION and kind == 3:
            return value if 1 <= value <= 8 else 1
    return 1


def _way_up(value: int) -> bytes:
    """An EXIF segment that says nothing but which way up."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, value, 0, 0)
    body = _EXIF + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _bare_png(content: bytes) -> bytes:
    """Chunk by chunk: length, name, body, check sum. A critical chunk begins with a capital."""
    kept, at = [PNG], len(PNG)
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        whole = content[at : at + 12 + length]
        if len(whole) != 12 + length:
            raise IndexError
        if zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            raise IndexError
        if name[:1].isupper() or name in _CHUNKS_KEPT:
            kept.append(whole)
        at += 12 + length
        if name == b"IEND":
            return b"".join(kept)
