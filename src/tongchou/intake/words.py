"""Words as they are compared: what is typed by hand differs in case, width and spaces."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """One form for `Sex`, ` sex ` and `ｓｅｘ`."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
