"""Rules in words, Chinese and English, the same wherever a rule is shown."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from tongchou.playbook.durations import format_duration
from tongchou.playbook.rules import (
    Companion,
    Deadline,
    Lift,
    Meeting,
    QuarantineSegment,
    RedLine,
    Rule,
    Spell,
    Spoken,
    Target,
    Text,
    Value,
    Window,
    Words,
)
from tongchou.playbook.vocabulary import NAMES, word

Shown = Rule | Text | str

#: What the program writes as the source of a number that somebody put forward: see `source_name`.
_PROPOSED = re.compile(r"proposed by (?P<by>.+?); was (?P<was>.+?) \((?P<source>.*)\)", re.DOTALL)
_DEFAULT = "editable default, not from a rule"


def measure(rule: Rule) -> tuple[str, str]:
    """A rule's value and its unit, in signs that need no language where that is possible."""
    match rule:
        case Deadline():
            return f"{format_duration(rule.peace)} / {format_duration(rule.war)}", "peace / war"
        case Target():
            return format_duration(rule.within), f"{rule.since} → {rule.until}"
        case Spell():
            return f"{rule.mean_days:g} ± {rule.sd_days:g} {rule.shape}", "days"
        case Window():
            return f"{rule.from_days:g} … {rule.to_days:g}", "days from onset"
        case Lift():
            return f"{rule.clean_days} → {rule.to}", "clean days"
        case Meeting():
            where = "shared rooms" if rule.shared_room else ", ".join(rule.kinds) or "anywhere"
            return f"{rule.tier}: {where} >= {rule.min_minutes}", "minutes"
        case Companion():
            often = f"{rule.min_meetings} x {rule.min_overlap_minutes}"
            return f"same cell: {often}, in all >= {rule.min_minutes}", "minutes"
        case Spoken():
            return rule.measured()
        case Words():
            return f"{rule.zh} / {rule.en}", ""
        case Value(value=bool() as yes):
            return ("yes" if yes else "no"), ""
        case Value(value=int() as number):
            return str(number), "days"
        case Value(value=float() as number):
            return f"{number:g}", ""
        case Value(value=(QuarantineSegment(), *_) as stay):
            return " + ".join(
                f"{part.days} {part.site}{' monitoring' * (part.kind == 'monitoring')}"
                for part in stay
            ), "days"
        case Value(value=tuple() as items):
            numbers = all(isinstance(each, int) for each in items)
            return ", ".join(map(str, items)), "day" if numbers else ""
    return str(getattr(rule, "value", "")), ""


def rule_name(
    path: str,
    lang: str = "zh",
    rule: Shown | None = None,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """What a rule is about: "密切接触者·隔离管理", "close contacts: quarantine".

    `titles` names the areas that have rules of their own; see `Playbook.titles`.
    """
    if isinstance(rule, Target):
        return rule.of(lang)
    section, *rest = path.split(".")
    if section == "area":
        whose = titles.get(rest[0], rest[0])
        below = rule_name(".".join(rest[1:]), lang, rule)
        return f"{whose}·{below}" if lang.startswith("zh") else f"{whose}: {below}"
    # "contact" is a section and a loop, and the two mean different things.
    rest = ["contact_loop" if section == "deadlines" and p == "contact" else p for p in rest]
    if section == "red_lines":
        return f"红线第{rest[-1]}条" if lang.startswith("zh") else f"red line {rest[-1]}"
    # A stage of the same name may mean another thing in another loop.
    whole = ".".join(rest[-2:])
    if section in ("deadlines", "response") and whole in NAMES:
        rest[-1] = whole
    named = [word(part, lang) for part in (rest if len(rest) > 1 else [section, *rest])]
    return ("·" if lang.startswith("zh") else ": ").join(named)


def rule_value(rule: Shown, lang: str = "zh") -> str:
    """What a rule says, in a phrase."""
    zh = lang.startswith("zh")
    match rule:
        case str():
            return word(rule, lang)
        case Meeting():
            return _meeting(rule, lang)
        case Companion():
            return _companion(rule, lang)
        case Text() | Words() | Spoken():
            return rule.of(lang)
        case Deadline(peace=peace, war=war) if peace == war:
            return span(peace, lang)
        case Deadline(peace=peace, war=war):
            peace_, war_ = span(peace, lang), span(war, lang)
            return f"平时{peace_}，战时{war_}" if zh else f"{peace_} in peace, {war_} at war"
        case Target():
            within = span(rule.within, lang)
            share = "" if rule.share == 1 else f"{rule.share:.0%}"
            if zh:
                return f"{within}内" + (f"达到{share}" if share else "")
            return f"within {within}" + (f" for {share}" if share else "")
        case Spell(mean_days=mean, sd_days=sd, shape=shape):
            law = word(shape, lang)
            if zh:
                return f"平均{mean:g}天，标准差{sd:g}天（{law}）"
            return f"mean {mean:g} days, sd {sd:g} ({law})"
        case Window(from_days=first, to_days=last):
            return f"{_around(first, lang)}{'至' if zh else ' to '}{_around(last, lang)}"
        case Lift():
            return _lift(rule, lang)
        case Value():
            return _value(rule.value, lang)
    return ""


def span(time: timedelta, lang: str) -> str:
    """A time span in words: "2 小时", "7 days"."""
    zh = lang.startswith("zh")
    days, rest = divmod(time, timedelta(days=1))
    if time <= timedelta(hours=48):
        days, rest = 0, time
    hours, rest = divmod(rest, timedelta(hours=1))
    parts = (
        (days, "天", "day"),
        (hours, "小时", "hour"),
        (int(rest.total_seconds()) // 60, "分钟", "minute"),
    )
    if zh:
        return "".join(f"{n}{unit}" for n, unit, _ in parts if n)
    return " ".join(f"{n} {unit}{'s' if n > 1 else ''}" for n, _, unit in parts if n)


def _value(value: object, lang: str) -> str:
    zh = lang.startswith("zh")
    match value:
        case bool():
            return ("管理" if value else "不管理") if zh else ("yes" if value else "no")
        case int():
            return f"{value}天" if zh else f"{value} day{'' if value == 1 else 's'}"
        case float():
            return f"{value:g}"
        case str():
            return word(value, lang)
        case tuple() as stay if stay and isinstance(stay[0], QuarantineSegment):
            return ("＋" if zh else " + ").join(_segment(part, lang) for part in stay)
        case (int(), *_):
            days = ("、" if zh else ", ").join(map(str, value))
            return f"第{days}天" if zh else f"day {days}"
        case tuple():
            return (" → ").join(word(str(part), lang) for part in value) or ("无" if zh else "none")
    return str(value)


def _meeting(rule: Meeting, lang: str) -> str:
    zh = lang.startswith("zh")
    places = ("、" if zh else ", ").join(word(f"{kind}_kind", lang) for kind in rule.kinds)
    if rule.shared_room:
        places = "同一房间或车厢" if zh else "a shared room or vehicle"
    tier, most = word(rule.tier, lang), rule.min_minutes
    if zh:
        return f"{places or '任何场所'}共处{most}分钟以上：{tier}"
    return f"{most} min or more together, {places or 'anywhere'}: {tier}"


def _companion(rule: Companion, lang: str) -> str:
    often, stretch, whole = rule.min_meetings, rule.min_overlap_minutes, rule.min_minutes
    if lang.startswith("zh"):
        total = f"，合计{whole}分钟以上" if whole > stretch * often else ""
        return f"同一网格{stretch}分钟以上{f'，{often}次以上' if often > 1 else ''}{total}"
    total = f", {whole} min or more in all" if whole > stretch * often else ""
    times = f", {often} times or more" if often > 1 else ""
    return f"{stretch} min or more in the same cell{times}{total}"


def _segment(part: QuarantineSegment, lang: str) -> str:
    monitored = part.kind == "monitoring"
    place = word(f"{part.site}_monitoring" if monitored else part.site, lang)
    if lang.startswith("zh"):
        return f"{part.days}天{place}"
    return f"{part.days} day{'' if part.days == 1 else 's'} {place}"


def _around(day: float, lang: str) -> str:
    zh = lang.startswith("zh")
    if day == 0:
        return "发病当天" if zh else "onset"
    side = ("前" if day < 0 else "后") if zh else ("before" if day < 0 else "after")
    return f"发病{side}{abs(day):g}天" if zh else f"{abs(day):g} days {side} onset"


def _lift(lift: Lift, lang: str) -> str:
    to = word(lift.to, lang)
    if lang.startswith("zh"):
        round_ = "且末日全员核酸阴性" if lift.last_round_negative else ""
        return f"连续{lift.clean_days}天无新增{round_}，转为{to}"
    round_ = " and a last-day round all negative" if lift.last_round_negative else ""
    return f"after {lift.clean_days} days without a new case{round_}, becomes {to}"


def section_name(section: str, lang: str = "zh") -> str:
    """A section of the playbook, such as [deadlines], as a heading."""
    return word(section, lang)


def truth_name(truth: str, lang: str = "zh") -> str:
    """How far a rule can be trusted, in words."""
    return word(f"{truth}_truth", lang)


def source_name(source: str, lang: str = "zh") -> str:
    """Where a rule comes from; what the program itself wrote there is said in `lang`.

    A source that people cite stays as they wrote it.
    """
    if not lang.startswith("zh"):
        return source
    if found := _PROPOSED.fullmatch(source):
        by = "推演模块" if found["by"] == "the planner" else found["by"]
        before = source_name(found["source"], lang)
        return f"{by} 建议，原为 {found['was']}（{before}）"
    if source.startswith(_DEFAULT):
        return f"可修改的默认值，无规定依据{source.removeprefix(_DEFAULT)}"
    return source


def as_words(
    head: tuple[str, str, str, str], rules: Mapping[str, Rule], lang: str, titles: Mapping[str, str]
) -> str:
    """A whole playbook for a person to read: rule, value, and where it comes from."""
    return "\n".join((*_head(head, lang), *_body(rules, lang, titles))) + "\n"


def _head(head: tuple[str, str, str, str], lang: str) -> Iterator[str]:
    title, issuer, since, extends = head
    zh = lang.startswith("zh")
    yield title
    yield f"发布：{issuer}    施行：{since}" if zh else f"Issued by {issuer}, in force from {since}"
    if extends:
        yield f"沿用：{extends}" if zh else f"Extends {extends}"


def _body(rules: Mapping[str, Rule], lang: str, titles: Mapping[str, str]) -> Iterator[str]:
    section = ""
    for path, rule in rules.items():
        if section != (section := path.partition(".")[0]):
            yield f"\n{section_name(section, lang)}"
        yield f"  {_line(path, rule, lang, titles)}"
        yield f"      {provenance(rule, lang)}"


def _line(path: str, rule: Rule, lang: str, titles: Mapping[str, str]) -> str:
    stop = "：" if lang.startswith("zh") else ": "
    if isinstance(rule, RedLine):
        return f"{path.rpartition('.')[2]} {rule.of(lang)}"
    return f"{rule_name(path, lang, rule, titles)}{stop}{rule_value(rule, lang)}"


def provenance(rule: Rule, lang: str) -> str:
    """Truth label, clause and source on one line."""
    parts = (f"[{truth_name(rule.truth, lang)}]", rule.clause, source_name(rule.source, lang))
    return " ".join(part for part in parts if part)
