"""What a form says of a mistake, in the words of a Chinese office."""

import pytest
from django import forms
from django.utils import translation


class Asked(forms.Form):
    days = forms.IntegerField(min_value=7, max_value=90)
    why = forms.CharField(max_length=5)
    on = forms.DateField(required=False)
    unit = forms.ChoiceField(choices=[("a", "甲")], required=False)


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("days", "3", "不得小于 7。"),
        ("days", "300", "不得大于 90。"),
        ("days", "三天", "请填写整数。"),
        ("why", "", "请填写此项。"),
        ("why", "夜班无人流调", "最多 5 字，现有 6 字。"),
        ("on", "13月", "请填写日期，如 2022-07-05。"),
        ("unit", "乙", "没有“乙”这一项，请从列表中选择。"),
    ],
)
def test_a_mistake_is_told_so_that_it_can_be_mended(name: str, typed: str, says: str) -> None:
    with translation.override("zh-hans"):
        assert Asked({"days": "10", "why": "疫情", name: typed}).errors == {name: [says]}
