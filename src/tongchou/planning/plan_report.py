"""The report of a plan in words, Chinese and English: what to do, why, and how sure that is."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from tongchou.epi.plan.front import Interval
from tongchou.epi.plan.metrics import metric
from tongchou.epi.plan.regret import Fares
from tongchou.epi.plan.search import Plan
from tongchou.planning.planner import Planned

__all__ = ["report"]

#: Samples that laboratories could not take.
MISSED: Final = "pcr_missed"
#: A constraint with less room than this share of its limit is said to bind.
TIGHT = 0.1


def report(planned: Planned) -> str:
    """Both languages in one Markdown text, Chinese first."""
    parts = ("\n".join(_report(planned, lang)) for lang in ("zh", "en"))
    return "\n\n---\n\n".join(parts) + "\n"


def _report(planned: Planned, lang: str) -> Iterator[str]:
    found, scenario, zh = planned.found, planned.file.scenario, lang == "zh"
    book = planned.file.playbook
    yield f"# {scenario.name}：方案比选" if zh else f"# {scenario.name}: plans compared"
    yield ""
    named = book.title.of(lang) if book else ("无预案" if zh else "no playbook")
    yield (
        f"{scenario.place.n:,}人，{scenario.days}天，{scenario.infections}名首批感染者；"
        f"疾病：{planned.file.disease}；预案：{named}。"
        if zh
        else f"{scenario.place.n:,} people, {scenario.days} days, {scenario.infections} first "
        f"infections; disease: {planned.file.disease}; playbook: {named}."
    )
    tried, n_seeds = len(found.plans), len(found.seeds)
    yield (
        f"试了{tried}个方案（{'全部组合' if found.exhaustive else '优化搜索'}），"
        f"每个最多{n_seeds}次模拟，同一组随机数；共{found.n_runs:,}次，提前淘汰省去"
        f"{found.n_runs_at_most - found.n_runs:,}次。"
        if zh
        else f"{tried} plans tried ({'every combination' if found.exhaustive else 'a search'}), "
        f"up to {n_seeds} runs each on the same dice; {found.n_runs:,} runs, "
        f"{found.n_runs_at_most - found.n_runs:,} spared by giving up early."
    )
    if cut := sum(plan.n_cut > 0 for plan in found.plans):
        yield (
            f"其中{cut}个方案确定违反约束后即中止，candidates.csv中其数值为“至少”（at least）。"
            if zh
            else f"The runs of {cut} of them were cut short once a constraint was surely broken; "
            'in candidates.csv their numbers say "at least".'
        )
    yield ""
    yield from _delays(planned, lang)
    yield from _bounds(planned, lang)
    if not found.front:
        yield from _none_holds(planned, lang)
        return
    yield from _chosen(planned, lang)
    yield from _front(planned, lang)
    yield from _doubts(planned, lang)


def _delays(planned: Planned, lang: str) -> Iterator[str]:
    """Which delays were measured, and which are assumed."""
    told, zh = planned.file.delays, lang == "zh"
    if not told:
        yield (
            "各项时限均按预案规定假定，未取自台账。"
            if zh
            else "Delays are the playbook's deadlines: no ledger was asked."
        )
    for each in told:
        if not zh:
            yield f"- delay: {each}"
        elif each.measured:
            yield f"- 时延 {each.path}：{each.days}天，实测（{each.measured}次交接）"
        else:
            yield f"- 时延 {each.path}：{each.days}天，假定（按预案时限）"
    yield ""


def _bounds(planned: Planned, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    for each in planned.found.objectives:
        yield f"- {'目标' if zh else 'objective'}{'：' if zh else ': '}{each.words(lang)}"
    for bound in planned.found.constraints:
        yield f"- {'约束' if zh else 'constraint'}{'：' if zh else ': '}{bound.words(lang)}"
    yield ""


def _none_holds(planned: Planned, lang: str) -> Iterator[str]:
    found, zh = planned.found, lang == "zh"
    near = found.nearest
    breaches = found.breach(near)
    worst = int(np.argmax(breaches))
    yield "**没有方案满足全部约束。**" if zh else "**No plan keeps every constraint.**"
    words = found.constraints[worst].words(lang)
    yield (
        f"最接近的是第{near.number}号，“{words}”超出{breaches[worst]:.0%}。"
        if zh
        else f'The nearest is plan {near.number}: "{words}" is missed by {breaches[worst]:.0%}.'
    )
    yield from _listed(planned.changes(near, lang), lang)
    yield from _missed(near, lang)


def _chosen(planned: Planned, lang: str) -> Iterator[str]:
    """The cheapest that holds, the constraint that binds it, and the one regretted least."""
    found, zh = planned.found, lang == "zh"
    cheapest, least = found.front[0], planned.least_regretted
    first = found.objectives[0]
    yield "## 结论" if zh else "## What to do"
    yield ""
    said = _span(cheapest.interval(first.metric.name))
    yield (
        f"**最省的可行方案：第{cheapest.number}号**，{first.words(lang)} {said}。"
        if zh
        else f"**The cheapest plan that holds: plan {cheapest.number}**, "
        f"{first.words(lang)} {said}."
    )
    yield from _listed(planned.changes(cheapest, lang), lang)
    yield from _binding(planned, cheapest, lang)
    yield from _missed(cheapest, lang)
    if least is None or planned.doubts is None:
        return
    worst = planned.doubts.worst(least)
    same = least is cheapest
    yield ""
    if same:
        yield (
            "**它也是最不会后悔的方案。**"
            if zh
            else "**It is also the plan to be regretted least.**"
        )
    else:
        yield (
            f"**最不会后悔的方案：第{least.number}号**。"
            if zh
            else f"**The plan to be regretted least: plan {least.number}**."
        )
        yield from _listed(planned.changes(least, lang), lang)
        yield from _missed(least, lang)
    yield (
        f"对它最不利的情形是“{worst.world.zh}”：{_broken(planned, worst, lang)}。"
        if zh
        else f'The world worst for it is "{worst.world.en}": {_broken(planned, worst, lang)}.'
    )
    yield ""


def _binding(planned: Planned, plan: Plan, lang: str) -> Iterator[str]:
    found, zh = planned.found, lang == "zh"
    binding = found.binding(plan)
    if binding is None:
        return
    room = -found.breach(plan)[binding]
    words = found.constraints[binding].words(lang)
    ruled_out = found.stood_in_the_way()[binding]
    tight = room < TIGHT
    if zh:
        head = "起约束作用的是" if tight else "余量最小的约束是"
        yield f"{head}“{words}”，余量{room:.0%}；仅因它而落选的更省方案至多{ruled_out}个。"
    else:
        head = "What binds" if tight else "The constraint with least room"
        ruled = f"it alone ruled out at most {ruled_out} cheaper plans"
        yield f'{head}: "{words}", {room:.0%} left; {ruled}.'


def _missed(plan: Plan, lang: str) -> Iterator[str]:
    """Samples that laboratories could not take, where there were any."""
    each = plan.interval(MISSED)
    if not each.mean:
        return
    yield ""
    yield (
        f"检测能力不足：平均有{_span(each)}人次应采未采（另日补做的全员轮次不计），"
        "每日管数含各类采样。"
        if lang == "zh"
        else f"Laboratories run short: {_span(each)} samples are not taken in the mean (rounds "
        "that go on a day later not counted); the tubes a day are those of every sample."
    )


def _front(planned: Planned, lang: str) -> Iterator[str]:
    found, zh = planned.found, lang == "zh"
    yield "## 帕累托前沿" if zh else "## The front"
    yield ""
    n, shown = len(found.front), len(planned.shown)
    yield (
        f"没有被其他方案全面胜过的有{n}个；下表列出有代表性的{shown}个。均值，括号内为均值的95%区间。"
        if zh
        else f"{n} plans are beaten by no other in all; {shown} that stand for them are shown. "
        "Means, with their 95 % intervals."
    )
    yield ""
    names = [each.metric.name for each in found.objectives]
    head = [each.words(lang) for each in found.objectives]
    listed = (found.base, *(plan for plan in planned.shown if plan is not found.base))
    if MISSED not in names and any(np.any(plan.values[MISSED]) for plan in listed):
        names.append(MISSED)
        head.append(metric(MISSED).words(lang))
    yield _row(["方案" if zh else "plan", *head, "变动" if zh else "changes"])
    yield _row(["---", *["---:" for _ in head], "---"])
    for each in listed:
        title = f"{each.number}" + (
            ("（现行）" if zh else " (as it stands)") if not each.number else ""
        )
        if each.out == "constraint":
            title += "，不可行" if zh else ", does not hold"
        words = ("；" if zh else "; ").join(planned.changes(each, lang)) or ("无" if zh else "none")
        yield _row([title, *(_span(each.interval(name)) for name in names), words])
    yield ""


def _doubts(planned: Planned, lang: str) -> Iterator[str]:
    zh, doubts = lang == "zh", planned.doubts
    if doubts is None:
        return
    yield "## 如果判断有误" if zh else "## If the city is mistaken"
    yield ""
    first = planned.found.objectives[0]
    yield (
        f"每格：{first.words(lang)}均值；约束是否守住；比该情形下最好的方案多出多少。"
        if zh
        else f"Each cell: mean of {first.words(lang)}; whether the constraints hold; how much more "
        "than the best plan of that world."
    )
    yield ""
    yield _row(["方案" if zh else "plan", *(world.words(lang) for world in doubts.worlds)])
    yield _row(["---", *["---" for _ in doubts.worlds]])
    for plan in planned.shown:
        cells = [
            f"{_short(float(np.mean(each.values[first.metric.name])))}; "
            f"{_broken(planned, each, lang)}; +{_short(each.regret)}"
            for each in doubts.of(plan)
        ]
        yield _row([str(plan.number), *cells])
    yield ""


def _broken(planned: Planned, fares: Fares, lang: str) -> str:
    zh = lang == "zh"
    if fares.holds:
        return "全部约束守住" if zh else "every constraint holds"
    if fares.breach >= 1:
        times = f"{1 + fares.breach:,.0f}"
        return f"约束达上限的{times}倍" if zh else f"{times} times the limit of a constraint"
    return f"约束超出{fares.breach:.0%}" if zh else f"a constraint is missed by {fares.breach:.0%}"


def _listed(words: list[str], lang: str) -> Iterator[str]:
    yield ""
    yield from (f"- {each}" for each in words or ["与现行相同" if lang == "zh" else "as it stands"])
    yield ""


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(each.replace("|", "/") for each in cells) + " |"


def _span(each: Interval) -> str:
    if np.isnan(each.low):
        return _short(each.mean)
    return f"{_short(each.mean)} ({_short(each.low)} – {_short(each.high)})"


def _short(value: float) -> str:
    for size, sign in ((1e9, " G"), (1e6, " M")):
        if abs(value) >= size:
            return f"{value / size:,.3g}{sign}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
