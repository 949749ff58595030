"""A signal in one sentence, in the reader's language, made when somebody reads it.

"38 fever clinic visits in 古城社区, 12 expected; third day; fever medicine bought agrees"
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongchou.surveillance.found import CLUSTER

_DAYS = {
    2: gettext_lazy("second day"),
    3: gettext_lazy("third day"),
    4: gettext_lazy("fourth day"),
    5: gettext_lazy("fifth day"),
    6: gettext_lazy("sixth day"),
    7: gettext_lazy("seventh day"),
}
#: What a method is called on pages.
METHODS = {
    "evidence": gettext_lazy("all channels together"),
    "daily": gettext_lazy("daily model"),
    "ears-c2": gettext_lazy("EARS C2"),
    "weekly": gettext_lazy("weekly model"),
    "farrington": gettext_lazy("Farrington's method"),
    "scan": gettext_lazy("space-time scan"),
}
#: From this part of the statistic on a channel is said to agree.
AGREES = 0.1
#: So many channels that agree are named; the page shows them all.
_NAMED = 3


def method(detector: str) -> str:
    """The name of a method; its short name where it is gone."""
    return str(METHODS.get(detector, detector))


def amount(value: float) -> str:
    """A count as people write it; a mean with one decimal."""
    whole = abs(value - round(value)) < 0.05
    return number_format(round(value) if whole else round(value, 1), use_l10n=True)


def chance(p: float | None) -> str:
    """A p as people read it: 0.0123, or 3e-07 where zeros would say nothing."""
    if p is None:
        return "–"
    return f"{p:.4f}" if p >= 0.001 else f"{p:.0e}"


def sentence(evidence: Any, *, area: str, channels: Mapping[str, str]) -> str:
    """What a day showed. `evidence` is a `Found` or a row of `Evidence`; `channels` has names."""
    shares = [_plain(share) for share in evidence.shares]
    parts = [_counted(evidence, area, shares, channels)]
    if evidence.days > 1:
        named = _DAYS.get(evidence.days)
        parts.append(str(named) if named else _("day %(n)d") % {"n": evidence.days})
    others = agreeing(shares)[:_NAMED]
    if others:
        names = [_within(called(share["channel"], channels)) for share in others]
        words = ngettext("%(names)s agrees", "%(names)s agree", len(names))
        parts.append(words % {"names": str(_(", ")).join(names)})
    return str(_("; ")).join(parts)


def agreeing(shares: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The channels beside the leading one that add something to the statistic, or alarm."""
    whole = sum(max(share["score"], 0.0) for share in shares) or 1.0
    return [
        share
        for share in shares[1:]
        if share["observed"] > share["expected"]
        and (share["alarm"] or share["score"] / whole >= AGREES)
    ]


def called(channel: str, channels: Mapping[str, str]) -> str:
    """The name of a channel; its short name where it is gone."""
    return str(channels.get(channel, channel))


def _counted(
    evidence: Any, area: str, shares: Sequence[Mapping[str, Any]], channels: Mapping[str, str]
) -> str:
    lead = shares[0]["channel"] if shares else ""
    facts = {
        "observed": amount(evidence.observed),
        "expected": amount(evidence.expected),
        "what": _within(called(lead, channels)),
        "area": area,
        "n": len(evidence.areas),
    }
    if getattr(evidence, "subject", "") == CLUSTER or len(evidence.areas) > 1:
        words = _("%(observed)s %(what)s in %(n)d areas around %(area)s, %(expected)s expected")
        return str(words % facts)
    return str(_("%(observed)s %(what)s in %(area)s, %(expected)s expected") % facts)


def _within(name: str) -> str:
    """A name within a sentence: small, unless it begins with an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _plain(share: Any) -> Mapping[str, Any]:
    if isinstance(share, Mapping):
        return share
    return {
        name: getattr(share, name) for name in ("channel", "observed", "expected", "score", "alarm")
    }
