"""The morning brief in words, Chinese or English; as the command prints it."""

from collections.abc import Iterable

from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_noop as _

from tongchou.surveillance import telling
from tongchou.surveillance.ahead import Ahead
from tongchou.surveillance.brief import Brief, Figure, R, Said
from tongchou.surveillance.completing import Tail

#: Why there is no R or no forecast, by the estimator's own name for it.
REASONS = {
    "EARLY": _("the counts began less than a serial interval ago"),
    "NOT_REPORTED": _("too many days were not reported, or are doubtful"),
    "NOTHING": _("nobody was there who could have infected anybody"),
    "FEW_CASES": _("too few cases"),
    "DOUBTFUL": _("the newest day is doubtful"),
    "NO_INTERVAL": _("the playbook gives no serial interval"),
}
#: Why the newest days are not completed, by the nowcast's own name for it.
UNTOLD = {
    "thin": _("too few cases whose delay from onset to report is known"),
    "short": _("no day is old enough to show how long reports take"),
    "early": _("hardly any of these days is reported yet"),
}


def text(brief: Brief, language: str) -> str:
    """The whole brief; `language` is `zh` or `en`."""
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        return "\n".join(_lines(brief, language)) + "\n"


def _lines(brief: Brief, language: str) -> Iterable[str]:
    said = {
        "area": brief.area_name.in_(language),
        "code": brief.area,
        "day": telling.day_in_words(brief.on),
    }
    yield gettext("Morning brief: %(area)s (%(code)s), %(day)s") % said
    yield true_at(brief, language)
    yield ""
    yield summary(brief)
    if brief.cleared_on:
        yield cleared_in_words(brief)
    yield ""
    yield from _figures(brief)
    yield ""
    if brief.tail:
        yield _named(gettext("By onset"), tail_in_words(brief.tail))
    yield _named(gettext("R"), r_in_words(brief.r))
    yield _named(pgettext("forecast", "Ahead"), ahead_in_words(brief.ahead))
    yield ""
    yield from _listed(gettext("What is odd about the counts"), brief.findings, language)
    yield from _listed(silent_title(brief), brief.sentinels.silent, language)
    yield from _listed(gettext("Open signals"), brief.signals, language)
    yield from _listed(gettext("Since yesterday"), brief.since_yesterday, language)
    yield made_in_words(brief)


def true_at(brief: Brief, language: str) -> str:
    """Of when and from whom the figures are; and that they are old, where they are."""
    said = {"day": telling.day_in_words(brief.true_on), "source": brief.source.in_(language)}
    line = gettext("Figures of 24:00 on %(day)s. Source: %(source)s.") % said
    if brief.days_old > 0:
        line += " " + ngettext(
            "They are %(n)s day old: nothing newer has come.",
            "They are %(n)s days old: nothing newer has come.",
            brief.days_old,
        ) % {"n": brief.days_old}
    if brief.silent_parts:
        line += " " + gettext("Not reported by %(names)s: their last figures stand.") % {
            "names": gettext(", ").join(brief.silent_parts[:5])
        }
    return line


def summary(brief: Brief) -> str:
    """The state of things in a line."""
    return gettext(
        "%(confirmed)s confirmed, %(cured)s cured, %(dead)s dead; %(active)s active, %(new)s new."
    ) % {
        name: _value(getattr(brief, name))
        for name in ("confirmed", "cured", "dead", "active", "new")
    }


def _value(figure: Figure) -> str:
    return gettext("not known") if figure.value is None else str(figure.value)


def rows(brief: Brief) -> list[tuple[str, Figure]]:
    """The figures by name, in the order of a bulletin."""
    return [
        (gettext("New confirmed"), brief.new),
        (gettext("Active"), brief.active),
        (gettext("Confirmed in all"), brief.confirmed),
        (gettext("Cured in all"), brief.cured),
        (gettext("Dead in all"), brief.dead),
    ]


def _figures(brief: Brief) -> Iterable[str]:
    for name, figure in rows(brief):
        yield _named(name, in_words(figure))
    if brief.new_week is not None:
        before = "–" if brief.new_week_before is None else brief.new_week_before
        yield gettext("New in seven days: %(now)s (the seven days before: %(before)s)") % {
            "now": brief.new_week,
            "before": before,
        }


def cleared_in_words(brief: Brief) -> str:
    """When the last active case was cleared."""
    return gettext("Last active case cleared at 24:00 on %(day)s (%(date)s).") % {
        "day": telling.day_in_words(brief.cleared_on),
        "date": str(brief.cleared_on),
    }


def in_words(figure: Figure) -> str:
    """A figure with its change: `481 (+2)`."""
    if figure.value is None:
        return gettext("not known")
    if figure.change is None:
        return str(figure.value)
    return gettext("%(value)s (%(change)s)") % {
        "value": figure.value,
        "change": f"{figure.change:+d}" if figure.change else "±0",
    }


def r_in_words(r: R) -> str:
    """R with its interval and what it stands on; or why there is none."""
    if r.mean is None:
        reason = gettext(REASONS.get(r.reason, r.reason))
        return gettext("not estimated: %(reason)s") % {"reason": reason}
    said = {
        "mean": f"{r.mean:.2f}",
        "low": f"{r.low:.2f}",
        "high": f"{r.high:.2f}",
        "first": r.first.isoformat(),
        "last": r.last.isoformat(),
        "interval": f"{r.interval_mean:g} ± {r.interval_sd:g}",
    }
    line = gettext(
        "%(mean)s (95 %% interval %(low)s to %(high)s), cases reported %(first)s to %(last)s, "
        "serial interval %(interval)s days"
    )
    return line % said


def tail_in_words(tail: Tail) -> str:
    """Who fell ill lately, completed for reports still to come; or why that is not done."""
    said = {
        "first": tail.first.isoformat(),
        "last": tail.last.isoformat(),
        "known": tail.known,
        "mid": tail.mid,
        "low": tail.low,
        "high": tail.high,
        "reason": gettext(UNTOLD.get(tail.reason, tail.reason)),
    }
    line = gettext("fallen ill %(first)s to %(last)s: %(known)s known so far")
    if tail.mid is None:
        line = gettext(
            "fallen ill %(first)s to %(last)s: %(known)s known so far; not completed for reports "
            "still to come: %(reason)s"
        )
    elif tail.low != tail.known or tail.high != tail.known:
        line = gettext(
            "fallen ill %(first)s to %(last)s: %(known)s known so far, about %(mid)s in the end "
            "(95 %% interval %(low)s to %(high)s)"
        )
    return line % said


def ahead_in_words(ahead: Ahead) -> str:
    """New cases to come, with intervals; or why nothing is said."""
    if not ahead.then:
        reason = gettext(REASONS.get(ahead.reason, ahead.reason))
        return gettext("no forecast: %(reason)s") % {"reason": reason}
    said = (
        gettext("%(mid)s new a day in %(n)s days (95 %% interval %(low)s to %(high)s)")
        % {
            "n": one.days,
            "mid": f"{one.mid:.0f}",
            "low": f"{one.low:.0f}",
            "high": f"{one.high:.0f}",
        }
        for one in ahead.horizons
    )
    return pgettext("between parts of a sentence", "; ").join(said)


def silent_title(brief: Brief) -> str:
    """Silent sentinels, out of how many that owe reports."""
    if not brief.sentinels.n_due:
        return gettext("Silent sentinels (none is registered here)")
    return gettext("Silent sentinels (of %(n)s reports that are owed)") % {
        "n": brief.sentinels.n_due
    }


def made_in_words(brief: Brief) -> str:
    """When it was written, and by which playbook."""
    at = timezone.localtime(brief.made_at)
    return gettext("Written %(at)s; playbook %(playbook)s.") % {
        "at": f"{at:%Y-%m-%d %H:%M}",
        "playbook": brief.playbook,
    }


def _listed(title: str, items: Iterable[Said], language: str) -> Iterable[str]:
    every = list(items)
    if not every:
        yield _named(title, pgettext("brief", "none"))
        return
    yield _named(title, "").rstrip()
    for item in every:
        yield f"  - {item.in_(language)}"


def _named(name: str, value: str) -> str:
    return gettext("%(name)s: %(value)s") % {"name": name, "value": value}
