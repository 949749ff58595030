"""A Chinese font for the PDF: one of this machine that can be embedded, else one every reader has.

What can be embedded are TrueType outlines. Without any, the text is set in STSong-Light, which is
named and not embedded: Chinese readers of PDF (Adobe's, WPS, browsers) put their own Song type in.
"""

import os
import sys
from functools import cache
from pathlib import Path

#: By role, the file names that an office's machine has, best first; index for collections.
FILES = {
    "title": ("FZXBSJW.TTF", "simsun.ttc", "simhei.ttf", "uming.ttc", "wqy-zenhei.ttc"),
    "text": ("simfang.ttf", "FangSong.ttf", "simsun.ttc", "uming.ttc", "wqy-zenhei.ttc"),
    "head": ("simhei.ttf", "simsun.ttc", "wqy-zenhei.ttc", "uming.ttc"),
}
EVERY_READER_HAS = "STSong-Light"


def folders() -> list[Path]:
    """Where this machine keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts"]


@cache
def found() -> dict[str, str]:
    """Lower-case file name -> path, of every font of this machine."""
    known: dict[str, str] = {}
    for folder in folders():
        for path in folder.rglob("*.tt[fc]") if folder.is_dir() else ():
            known.setdefault(path.name.lower(), str(path))
    return known


@cache
def name(role: str) -> str:
    """The name of a font that reportlab knows, registered on the way."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    for file in FILES[role]:
        path = found().get(file.lower())
        if path is None:
            continue
        try:
            pdfmetrics.registerFont(TTFont(f"tongchou-{role}", path))
        except TTFError:  # outlines that cannot be embedded
            continue
        return f"tongchou-{role}"
    pdfmetrics.registerFont(UnicodeCIDFont(EVERY_READER_HAS))
    return EVERY_READER_HAS
