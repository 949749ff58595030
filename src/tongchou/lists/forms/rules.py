"""The hours of both lists in one area, peace and war, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases.forms import PlainText
from tongchou.ledger.registry import stage_label
from tongchou.lists.actions.rules import Times
from tongchou.lists.loops import PROBLEM, TASK
from tongchou.loops import Tempo
from tongchou.playbook import Playbook
from tongchou.playbook.durations import format_duration


class ReasonForm(forms.Form):
    reason = PlainText(label=_("Reason"), max_length=200)

    @property
    def fault(self) -> str:
        """What is wrong with it, for a message."""
        return " ".join(str(error) for error in self.errors.get("reason", ()))


class RulesForm(forms.Form):
    """One field per stage and tempo, named `LOOP__STAGE__TEMPO`.

    `path` is the area's; it starts with the times that hold there, its own or the city's.
    """

    def __init__(self, *args: Any, book: Playbook, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book, self.path = book, path
        for loop in (PROBLEM, TASK):
            for row in loop:
                allowed = book.deadline(loop.name, row.stage, path)
                for tempo in Tempo:
                    self.fields[f"{loop.name}__{row.stage}__{tempo}"] = forms.CharField(
                        max_length=12,
                        label=stage_label(loop.name, row.stage),
                        initial=format_duration(allowed.allowed(tempo)),
                        # Others may be adopted meanwhile: what was left as it stood is not asked.
                        show_hidden_initial=True,
                    )
        self.fields["reason"] = PlainText(label=_("Reason"), max_length=200)

    @property
    def times(self) -> Times:
        """What was typed anew; in the other tempo what is in force."""
        found: Times = {}
        for name in self.changed_data:
            if name.count("__") == 2:
                loop, stage, tempo = name.split("__")
                there = self.book.deadline(loop, stage, self.path)
                unchanged = {str(each): format_duration(there.allowed(each)) for each in Tempo}
                found.setdefault((loop, stage), unchanged)[tempo] = self.cleaned_data[name]
        return found

    def rows(self) -> list[dict[str, Any]]:
        """A line per stage: the fields of peace and war, and what holds above an own time."""
        return [
            {
                "loop": loop.name,
                "stage": stage_label(loop.name, row.stage),
                "after_its_date": loop is TASK and row.stage == "in_progress",
                "peace": self[f"{loop.name}__{row.stage}__peace"],
                "war": self[f"{loop.name}__{row.stage}__war"],
                "otherwise": self._otherwise(loop.name, row.stage),
            }
            for loop in (PROBLEM, TASK)
            for row in loop
        ]

    def _otherwise(self, loop: str, stage: str) -> tuple[str, str] | None:
        """The district's or the city's time, where the area has one of its own."""
        above = self.path.strip("/").rpartition("/")[0]
        otherwise = self.book.deadline(loop, stage, above)
        if self.book.deadline(loop, stage, self.path) is otherwise:
            return None
        return format_duration(otherwise.peace), format_duration(otherwise.war)
