"""The hours of both lists, peace and war, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases.forms import PlainText
from tongchou.ledger.registry import stage_label
from tongchou.lists.loops import PROBLEM, TASK
from tongchou.loops import Tempo
from tongchou.playbook import Playbook
from tongchou.playbook.durations import format_duration


class RulesForm(forms.Form):
    """One field per stage and tempo; its name is the path in the playbook, dots as `__`."""

    def __init__(self, *args: Any, book: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for loop in (PROBLEM, TASK):
            for row in loop:
                allowed = book.deadline(loop.name, row.stage)
                for tempo in Tempo:
                    name = f"deadlines__{loop.name}__{row.stage}__{tempo}"
                    self.fields[name] = forms.CharField(
                        max_length=12,
                        label=stage_label(loop.name, row.stage),
                        initial=format_duration(allowed.allowed(tempo)),
                    )
        self.fields["reason"] = PlainText(label=_("Reason"), max_length=200)

    @property
    def hours(self) -> dict[str, str]:
        return {
            name.replace("__", "."): value
            for name, value in self.cleaned_data.items()
            if name.startswith("deadlines__")
        }

    def rows(self) -> list[dict[str, Any]]:
        """A line per stage: the list, the stage, and the fields of peace and war."""
        return [
            {
                "loop": loop.name,
                "stage": stage_label(loop.name, row.stage),
                "peace": self[f"deadlines__{loop.name}__{row.stage}__peace"],
                "war": self[f"deadlines__{loop.name}__{row.stage}__war"],
            }
            for loop in (PROBLEM, TASK)
            for row in loop
        ]
