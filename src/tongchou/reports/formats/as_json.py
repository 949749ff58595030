"""The report as data: the very content that was signed, its digest, and what was corrected."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tongchou.reports import frozen
from tongchou.reports.models import Correction, Signed


def made(
    content: Mapping[str, Any], signed: Signed | None, corrections: Iterable[Correction]
) -> bytes:
    """`digest` is the SHA-256 of `content` with sorted keys, no spaces, UTF-8 as it is."""
    told = {
        "signed": signed is not None,
        "digest": signed.digest if signed else None,
        "content": content,
        "corrections": [
            {
                "key": each.key,
                "said": each.said,
                "right": each.right,
                "why": each.why,
                "at": frozen.stamp(each.at),
                "by": str(each.by),
            }
            for each in corrections
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
