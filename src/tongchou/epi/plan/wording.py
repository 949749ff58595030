"""What a path of a scenario is called, and its values, in Chinese and English."""

import math
from collections.abc import Mapping
from typing import Any, Final

from tongchou.epi.spread.course import LAYERS

__all__ = ["change", "changes", "label", "value_words"]

#: (zh, en) of each step of a path; a step that is not here is shown as it is written.
WORDS: Final[dict[str, tuple[str, str]]] = {
    "peace": ("平时", "in peace"),
    "war": ("战时", "at war"),
    "both": ("平时和战时", "in peace and war"),
    # measures
    "testing": ("单人核酸检测", "single PCR tests"),
    "antigen": ("抗原自测", "antigen self-tests"),
    "rounds": ("区域核酸筛查", "rounds of pooled PCR"),
    "tracing": ("流调追踪", "tracing"),
    "quarantine": ("密接隔离", "quarantine"),
    "isolation": ("病例隔离", "isolation of cases"),
    "zones": ("封管控区", "zones"),
    "work": ("复工限制", "work"),
    "schools": ("学校", "schools"),
    "masks": ("口罩", "masks"),
    "gatherings": ("聚集限制", "going out"),
    "arrivals": ("外来人员", "arrivals"),
    "checkpoints": ("查验点", "checkpoints"),
    "stages": ("平战转换", "change of tempo"),
    "adherence": ("依从性", "adherence"),
    "vaccination": ("疫苗接种", "vaccination"),
    "capacities": ("储备能力", "what stands ready"),
    "city": ("城市", "the city"),
    "course": ("疾病", "the disease"),
    # fields
    "symptomatic": ("有症状者", "with symptoms"),
    "asymptomatic": ("无症状者", "without symptoms"),
    "symptomatic_held": ("隔离中有症状者", "with symptoms, in quarantine"),
    "asymptomatic_held": ("隔离中无症状者", "without symptoms, in quarantine"),
    "severe": ("重症者", "the severely ill"),
    "sensitivity": ("灵敏度", "sensitivity"),
    "sensitivity_high": ("高载量灵敏度", "sensitivity at high load"),
    "sensitivity_low": ("低载量灵敏度", "sensitivity at low load"),
    "specificity": ("特异度", "specificity"),
    "result_days": ("采样至结果", "sample to result"),
    "confirm_days": ("抗原阳性至核酸复核", "positive antigen test to PCR result"),
    "capacity": ("上限", "capacity"),
    "every_days": ("每隔", "every"),
    "unit": ("单元", "unit"),
    "trigger_cases": ("启动病例数", "cases that trigger it"),
    "window_days": ("回看", "looking back"),
    "interval_days": ("轮次间隔", "interval"),
    "stop_after": ("连续无新增轮次后停止", "clean rounds before it stops"),
    "pool_size": ("混采人数", "pool size"),
    "coverage": ("覆盖率", "coverage"),
    "dilution": ("稀释后灵敏度", "sensitivity kept by dilution"),
    "low_load": ("低载量时保留灵敏度", "sensitivity kept at low load"),
    "tubes": ("日检测管数", "tubes a day"),
    "tests": ("日单检数", "single tests a day"),
    "people_per_sampler": ("每名采样员日采样人数", "people a sampler swabs a day"),
    "tubes_per_lab_worker": ("每名检验员日检测管数", "tubes a laboratory worker reads a day"),
    "completeness": ("追踪完整率", "share of contacts found"),
    "delay_days": ("结果至隔离令", "result to order"),
    "look_back_days": ("追溯", "looking back before symptoms"),
    "secondary": ("次密接追踪率", "share of secondary contacts found"),
    "tracers": ("流调人员", "tracers"),
    "cases_per_tracer": ("每人每日流调病例数", "cases a tracer opens a day"),
    "facility_days": ("集中隔离", "in a facility"),
    "home_days": ("居家隔离", "at home"),
    "secondary_facility_days": ("次密接集中隔离", "secondary contacts in a facility"),
    "secondary_home_days": ("次密接居家隔离", "secondary contacts at home"),
    "rooms": ("集中隔离房间", "rooms"),
    "escape": ("外溢比例", "share who meet others all the same"),
    "home_household": ("居家时家庭接触保留", "contacts kept within the household, at home"),
    "home_outside": ("居家时外部接触保留", "contacts kept outside, at home"),
    "facility_household": (
        "集中隔离时家庭接触保留",
        "contacts kept within the household, facility",
    ),
    "facility_outside": ("集中隔离时外部接触保留", "contacts kept outside, facility"),
    "test_days": ("检测日", "days of tests"),
    "transfer_days": ("结果至入院", "result to bed"),
    "share": ("比例", "share"),
    "household": ("家庭接触保留", "contacts kept within the household"),
    "outside": ("外部接触保留", "contacts kept outside"),
    "beds": ("隔离床位", "beds"),
    "severe_beds": ("重症床位", "beds for the severe"),
    "icu_beds": ("危重症床位", "intensive-care beds"),
    "lockdown_days": ("封控转管控所需清零", "clean days from lockdown to control"),
    "control_days": ("管控转防范所需清零", "clean days from control to precaution"),
    "precaution_days": ("防范解除所需清零", "clean days until precaution ends"),
    "control_outside": ("管控区外部接触保留", "contacts kept in control zones"),
    "precaution_outside": ("防范区外部接触保留", "contacts kept in precaution zones"),
    "test_every_days": ("区内检测每隔", "tests in zones every"),
    "essential": ("照常开工行业", "sectors that work in full"),
    "bubble": ("闭环规模", "largest bubble"),
    "closed": ("停课学段", "levels that are closed"),
    "distancing": ("在校接触保留", "contacts kept in classes"),
    "source": ("佩戴者传出减少", "how much less a wearer passes on"),
    "wearer": ("佩戴者吸入减少", "how much less a wearer catches"),
    "compound": ("小区接触保留", "contacts kept in the compound"),
    "community": ("社区接触保留", "contacts kept in the community"),
    "vehicle": ("乘车接触保留", "contacts kept in vehicles"),
    "per_day": ("每日抵达人数", "arrivals a day"),
    "prevalence": ("抵达者感染率", "share infected"),
    "quarantine_days": ("集中隔离", "in a facility"),
    "leak": ("漏管比例", "share not brought into quarantine"),
    "crossing": ("跨区接触保留", "contacts kept across districts"),
    "tested": ("跨区检测率", "daily chance of a test"),
    "war_cases": ("转战时病例数", "cases that make it war"),
    "peace_days": ("转平时所需清零", "clean days until peace"),
    "start": ("起始", "at first"),
    "half_life_days": ("减半", "halves in"),
    "floor": ("下限", "at least"),
    "doses_per_day": ("每日接种剂次", "doses a day"),
    "oldest_first": ("先老年人", "the old first"),
    "takes_days": ("接种至起效", "dose to effect"),
    "from_age": ("起种年龄", "offered from the age of"),
    "gap_days": ("剂次间隔至少", "from one dose to the next, at least"),
    "control_weight": ("管控一日相当于封控", "hardship of a day under control"),
    "war_weight": ("战时一日相当于封控", "hardship of a day at war"),
    "recovered_exempt": ("康复者免检", "the recovered are spared"),
    "start_day": ("开始处置", "first day of measures"),
    "r0": ("基本再生数", "R0"),
}

_VALUES: Final[dict[str, tuple[str, str]]] = {
    "building": ("楼栋", "building"),
    "compound": ("小区", "compound"),
    "grid": ("网格", "grid cell"),
    "community": ("社区", "community"),
    "district": ("区县", "district"),
    "city": ("全市", "city"),
    "zone": ("封管控区内", "the zones in force"),
    "kindergarten": ("幼儿园", "kindergartens"),
    "primary": ("小学", "primary schools"),
    "secondary": ("中学", "secondary schools"),
    "university": ("高校", "universities"),
}

_LAYER: Final = {
    "household": ("家庭", "household"),
    "class": ("班级", "class"),
    "workplace": ("单位", "workplace"),
    **{name: _VALUES[name] for name in ("compound", "community", "city")},
    "vehicle": ("乘车", "vehicle"),
}


def label(path: str, lang: str) -> str:
    """`policy.war.rounds.interval_days` as 战时·区域核酸筛查·轮次间隔."""
    zh = lang.startswith("zh")
    steps = [step for step in path.split(".") if step != "policy"]
    words = []
    for i, step in enumerate(steps):
        table = _LAYER if i and step in LAYERS and steps[i - 1] in _BY_LAYER else WORDS
        words.append(table.get(step, (step, step))[0 if zh else 1])
    if zh:
        return "·".join(words)
    tempo = [word for step, word in zip(steps, words, strict=True) if step in _TEMPO]
    rest = [word for step, word in zip(steps, words, strict=True) if step not in _TEMPO]
    return ", ".join([": ".join(rest[:2]), *rest[2:], *tempo])


_BY_LAYER: Final = ("completeness", "delay_days")
_TEMPO: Final = ("peace", "war", "both")


def value_words(path: str, value: Any, lang: str) -> str:
    """A value with its unit: days where the path says days, per cent of a share."""
    zh = lang.startswith("zh")
    if isinstance(value, tuple | list):
        if len(set(value)) == 1 and len(value) == len(LAYERS):
            return value_words(path, value[0], lang)
        joined = ("、" if zh else ", ").join(value_words("", each, lang) for each in value)
        return joined or ("无" if zh else "none")
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if isinstance(value, str):
        return _VALUES.get(value, (value, value))[0 if zh else 1]
    if math.isinf(value):
        return "不限" if zh else "unlimited"
    last = _field(path)
    if last.endswith("_days") or last in ("every_days", "start_day"):
        return f"{value:g}天" if zh else f"{value:g} day{'' if value == 1 else 's'}"
    if isinstance(value, float) and last in _SHARES:
        return f"{value * 100:.3g}%"
    return f"{value:,g}"


def _field(path: str) -> str:
    """The last step that names a field, not a part of one."""
    *above, last = path.split(".")
    return above[-1] if above and above[-1] in _BY_LAYER else last


_SHARES: Final = frozenset(
    {
        "completeness", "secondary", "adherence", "escape", "share", "coverage", "sensitivity",
        "household", "outside", "control_outside", "precaution_outside", "capacity", "distancing",
        "compound", "community", "city", "vehicle", "crossing", "tested", "leak", "prevalence",
        "start", "floor", "symptomatic", "asymptomatic", "symptomatic_held", "asymptomatic_held",
        "home_outside", "home_household", "wearer", "source", "sensitivity_high",
        "sensitivity_low", "specificity", "dilution", "low_load",
    }
)  # fmt: skip


def change(path: str, before: Any, after: Any, lang: str) -> str:
    """One change in words: 战时·区域核酸筛查·轮次间隔：3天 → 2天."""
    colon = "：" if lang.startswith("zh") else ": "
    old, new = (value_words(path, each, lang) for each in (before, after))
    return f"{label(path, lang)}{colon}{old} → {new}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any], lang: str) -> list[str]:
    """What differs between two settings, in words; empty where nothing does."""
    return [
        change(path, before[path], after[path], lang)
        for path in after
        if before[path] != after[path]
    ]
