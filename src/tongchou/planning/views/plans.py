"""Plans: the front of a study, one plan of it, two side by side, and putting one forward."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou import playbook as playbooks
from tongchou.ledger import adoption, policy
from tongchou.ledger.errors import LedgerError, Outrun
from tongchou.planning import comparing, fronts, queries, showing
from tongchou.planning.actions import proposals as actions
from tongchou.planning.errors import PlanningError
from tongchou.planning.findings import PlanFound, Summary
from tongchou.planning.forms import ProposeForm
from tongchou.planning.models import Kind, Study
from tongchou.planning.views import common
from tongchou.shell import navigation
from tongchou.shell import views as shell


def front(request: HttpRequest, study: Study) -> dict[str, Any]:
    """What the page of a plan study has beside what every study has."""
    result, language = study.result or {}, common.language()
    axes = fronts.axes(result, language)
    chosen = {int(each) for each in request.GET.getlist("plan") if each.isdecimal()}
    x, y = _axis(request, "x", axes, 0), _axis(request, "y", axes, 1)
    return {
        "axes": axes,
        "x": x,
        "y": y,
        "chart": fronts.chart(result, x, y, language, chosen),
        "rows": fronts.rows(result, language, chosen),
        "result": result,
        "n_cut": sum(each.get("at_least", False) for each in result["tried"]),
        "constraints": [each[language] for each in result["constraints"]],
        "proposals": {each.plan: each for each in queries.proposals(study)},
    }


def _axis(request: HttpRequest, key: str, axes: list[fronts.Axis], otherwise: int) -> fronts.Axis:
    wanted = request.GET.get(key, "")
    found = next((axis for axis in axes if axis.name == wanted), None)
    return found or axes[min(otherwise, len(axes) - 1)]


@login_required
@require_safe
def plan(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One plan: what it changes of the playbook in force, what it costs, and putting it forward."""
    looking = common.at(request)
    return _plan(request, looking, common.study(looking, pk), number, ProposeForm())


@login_required
@require_POST
def propose(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    looking = common.at(request)
    study, form = common.study(looking, pk), ProposeForm(request.POST)
    if not form.is_valid():
        return _plan(request, looking, study, number, form, status=422)
    here = reverse("planning:plan", args=[pk, number])
    try:
        made = actions.propose(
            study=study, plan=number, reason=form.cleaned_data["reason"], by=looking.user,
            now=timezone.now(),
        )  # fmt: skip
    except (PlanningError, LedgerError, playbooks.PlaybookError) as refusal:
        messages.error(request, str(refusal))
        return shell.go(request, here)
    messages.success(request, _("Put forward. Somebody else has to adopt it."))
    return shell.go(request, adoption_page(made.adoption_id) or here)


def adoption_page(adoption: int) -> str:
    """Where the second person signs; the page is the command room's, above this desk."""
    return navigation.address("command:playbooks") and reverse("command:proposal", args=[adoption])


def _plan(
    request: HttpRequest,
    looking: common.Looking,
    study: Study,
    number: int,
    form: ProposeForm,
    *,
    status: int = 200,
) -> HttpResponse:
    kept = _kept(study, number)
    if kept is None:
        raise Http404(_("There is no such plan."))
    found, summary = kept
    proposal = queries.proposals(study).filter(plan=number).first()
    context = {
        "looking": looking,
        "study": study,
        "scenario": study.scenario,
        "row": next(
            r for r in fronts.rows(study.result or {}, common.language(), ()) if r.plan == found
        ),
        "objectives": fronts.axes(study.result or {}, common.language()),
        "changes": _changes(study, found, looking),
        "needs": fronts.needs(study.result or {}, found, common.language()),
        "summary": summary,
        "stands_for": showing.stands_for(summary, study.scenario),
        "fans": showing.fans(summary, study.scenario, today=looking.today),
        "lines": showing.headlines(summary),
        "missed": showing.missed(summary),
        "bill": showing.bill(summary),
        "proposal": proposal,
        "proposal_page": adoption_page(proposal.adoption_id) if proposal else "",
        "may_propose": number > 0 and queries.may_propose(looking.user, now=looking.now),
        "form": form,
        "now": looking.now,
    }
    return shell.page(request, "planning/plan.html", context, status=status)


def _changes(study: Study, found: PlanFound, looking: common.Looking) -> list[dict[str, str]]:
    """Rule by rule, from the playbook in force to what the plan would make of it."""
    if not found.playbook:
        return []
    language = common.language()
    book, current = playbooks.parse(found.playbook), policy.in_force(looking.now)
    with suppress(Outrun):  # said when somebody puts it forward
        book = adoption.over(book, policy.newest(study.asked_at), now=looking.now)
    titles = policy.titles(book, language=language)
    return [
        {
            "name": playbooks.rule_name(each.path, language, titles=titles),
            "before": _value(each.before, language),
            "after": _value(each.after, language),
        }
        for each in playbooks.difference(current, book)
        if not each.only_provenance
    ]


def _value(rule: Any, language: str) -> str:
    return "" if rule is None else playbooks.rule_value(rule, language)


@login_required
@require_safe
def playbook_text(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The plan as a playbook file."""
    looking = common.at(request)
    kept = _kept(common.study(looking, pk), number)
    if kept is None or not kept[0].playbook:
        raise Http404(_("There is no such plan."))
    name = f"plan-{pk}-{number}.toml"
    return HttpResponse(
        kept[0].playbook,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _kept(study: Study, number: int) -> tuple[PlanFound, Summary] | None:
    if not study.is_plan or study.result is None:
        return None
    return fronts.summary_of(study.result, number)


@login_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two answers side by side; `case` is a study, or a study and a plan of it: `7`, `7-3`."""
    looking = common.at(request)
    names = request.GET.getlist("case")[:2]
    cases = [_case(looking, name) for name in names]
    choices = list(_choices(looking))
    context: dict[str, Any] = {
        "looking": looking,
        "names": _offered(names, [name for name, _words in choices]),
        "choices": choices,
        "now": looking.now,
    }
    if len(cases) == 2:
        (a, a_words), (b, b_words) = cases
        context |= {"a": a_words, "b": b_words, "compared": comparing.compared(a, b)}
    return shell.page(request, "planning/compare.html", context)


def _offered(names: list[str], known: list[str]) -> list[str]:
    """What the two lists stand at: what was asked for, and beside it another answer."""
    first = names[0] if names else next(iter(known), "")
    return [first, *names[1:], *(name for name in known if name != first)][:2]


def _case(looking: common.Looking, name: str) -> tuple[Summary, str]:
    study_pk, _sep, number = name.partition("-")
    if not study_pk.isdecimal() or not (number or "0").isdecimal():
        raise Http404(_("There is no such study."))
    study = common.study(looking, int(study_pk))
    if study.result is None:
        raise Http404(_("This study is not done."))
    if study.is_simulated:
        return Summary.from_facts(study.result), f"{study.scenario} ({study.pk})"
    kept = fronts.summary_of(study.result, int(number or 0)) if study.is_plan else None
    if kept is None:
        raise Http404(_("There is no such plan."))
    words = _("plan %(n)s") % {"n": number} if int(number or 0) else _("as it stands")
    return kept[1], f"{study.scenario} ({study.pk}): {words}"


def _choices(looking: common.Looking) -> Any:
    """The newest answers that may be put side by side; of a plan study, its plans."""
    done = queries.studies(looking.scope, state="done").defer(None)
    for study in done.filter(kind__in=(Kind.SIMULATE, Kind.PLAN))[:12]:
        if study.is_simulated:
            yield str(study.pk), f"{study.scenario} ({study.pk})"
            continue
        for plan in (study.result or {}).get("plans", ()):
            n = plan["number"]
            words = _("plan %(n)s") % {"n": n} if n else _("as it stands")
            yield f"{study.pk}-{n}", f"{study.scenario} ({study.pk}): {words}"
