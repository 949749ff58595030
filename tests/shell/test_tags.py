"""The template tags, as a desk's template uses them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import TemplateSyntaxError

Show = Callable[..., str]
NOON = datetime(2022, 4, 3, 12, tzinfo=UTC)


class Form(forms.Form):
    place = forms.CharField(help_text="As on the sign.")
    ways = forms.MultipleChoiceField(
        choices=[("meal", "same meal")], widget=forms.CheckboxSelectMultiple, required=False
    )
    sure = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_an_icon_is_silent_unless_it_has_a_label(show: Show) -> None:
    assert 'aria-hidden="true"' in show('{% icon "search" %}')
    assert 'role="img" aria-label="locked"' in show('{% icon "lock" "locked" %}')


def test_an_unknown_icon_names_those_there_are(show: Show) -> None:
    with pytest.raises(LookupError, match="no icon 'unicorn'.*search"):
        show('{% icon "unicorn" %}')


def test_a_badge_escapes_its_words_and_brings_an_icon(show: Show) -> None:
    html = show('{% badge words "bad" %}', words="<b>late</b>")
    assert "&lt;b&gt;late" in html and "<svg" in html


def test_a_badge_of_unknown_tone_is_refused(show: Show) -> None:
    with pytest.raises(TemplateSyntaxError, match="tone 'red' is not one of ok, warn"):
        show('{% badge "x" "red" %}')


def test_tempo_differs_in_words_not_only_in_colour(show: Show) -> None:
    assert "War tempo" in show('{% tempo "war" %}')
    assert "平时" in show('{% tempo "peace" %}', language="zh-hans")


def test_a_clock_has_its_exact_time_for_machines(show: Show) -> None:
    html = show("{% clock due now %}", due=NOON, now=NOON + timedelta(hours=3))
    assert 'datetime="2022-04-03T12:00:00+00:00"' in html
    assert "late 3h" in html and "<svg" in html


def test_a_clock_without_deadline_says_so(show: Show) -> None:
    assert "no deadline" in show("{% clock due now %}", due=None)


def test_a_number_says_when_it_was_true_and_where_from(show: Show) -> None:
    html = show('{% asof at "line list" %}', at=NOON, now=NOON + timedelta(minutes=5))
    assert "as of" in html and "line list" in html and "stale" not in html


def test_a_time_of_today_keeps_its_day_for_paper(show: Show) -> None:
    today = show("{% stamp at %}{% asof at %}", at=NOON, now=NOON + timedelta(minutes=5))
    assert today.count('data-day="2022-04-03"') == 2
    before = show("{% stamp at %}{% asof at %}", at=NOON, now=NOON + timedelta(days=2))
    assert "data-day" not in before and before.count("04-03") >= 2


def test_the_print_button_waits_for_the_script_that_prints(show: Show) -> None:
    html = show("{% print_button %}")
    assert 'type="button" data-print hidden' in html and "Print" in html
    assert "打印" in show("{% print_button %}", language="zh-hans")


def test_an_old_number_looks_stale(show: Show) -> None:
    html = show('{% asof at "" 60 %}', at=NOON, now=NOON + timedelta(minutes=61))
    assert "is-stale" in html and "stale, as of" in html


def test_a_missing_number_looks_missing_never_zero(show: Show) -> None:
    assert "no data yet" in show("{% asof at %}", at=None)
    assert show("{{ n|number }} {{ p|percent }}", n=None, p=None) == "– –"


def test_numbers_are_grouped_and_shares_are_percent(show: Show) -> None:
    assert show("{{ n|number }} {{ p|percent:1 }}", n=1260, p=0.927) == "1,260 92.7%"


def test_a_sparkline_tells_its_trend_and_breaks_where_nothing_is_known(show: Show) -> None:
    html = show('{% sparkline values "cases" %}', values=[1, None, 4, 2])
    assert "cases: from 1 to 2, highest 4" in html
    assert html.count("M") == 2


def test_a_sparkline_of_nothing_is_a_dash(show: Show) -> None:
    assert "–" in show("{% sparkline values %}", values=[None, None])


def test_a_bar_shows_its_numbers_and_never_overflows(show: Show) -> None:
    html = show("{% bar 9 7 %}")
    assert "9 of 7" in html and 'width="100.0"' in html
    assert 'width="0.0"' in show("{% bar 0 0 %}")


def test_a_person_is_a_pseudonym(show: Show) -> None:
    assert '<span class="person" title="pseudonym P-7"' in show('{% person "P-7" %}')
    assert 'href="/p/7"' in show('{% person "P-7" "/p/7" %}')


def test_a_field_ties_hint_and_errors_to_its_control(show: Show) -> None:
    form = Form({"place": ""})
    html = show("{% field form.place %}", form=form)
    assert 'aria-describedby="id_place_hint id_place_error"' in html
    assert 'aria-invalid="true"' in html and "As on the sign." in html


def test_choices_are_a_group_with_a_legend(show: Show) -> None:
    html = show("{% field form.ways %}", form=Form())
    assert "<fieldset" in html and "<legend>Ways" in html and "optional" in html


def test_a_tick_stands_inside_its_label(show: Show) -> None:
    html = show("{% field form.sure %}", form=Form())
    assert '<label for="id_sure"><input' in html


def test_a_hidden_field_is_only_its_control(show: Show) -> None:
    assert "<label" not in show("{% field form.token %}", form=Form())


def test_an_empty_list_says_what_to_do(show: Show) -> None:
    html = show('{% empty_state "Nothing waits" "Well done." "/gaps/" "See the gaps" %}')
    assert "Nothing waits" in html and '<a class="button" href="/gaps/">See the gaps' in html


def test_sorting_keeps_the_filter_and_turns_round(show: Show) -> None:
    tag = '{% sort_link "due_at" "Due" %}'
    assert 'href="?stage=listed&amp;sort=due_at"' in show(tag, url="/?stage=listed&after=x")
    html = show(tag, url="/?sort=due_at")
    assert 'href="?sort=-due_at"' in html and "sorted ascending" in html
    assert "sorted descending" in show(tag, url="/?sort=-due_at")


def test_a_query_changes_one_value_and_starts_at_the_first_page(show: Show) -> None:
    html = show("{% query stage='late' area=None %}", url="/?stage=all&area=1&after=x&q=Li")
    assert html == "?q=Li&amp;stage=late"


def test_the_export_asks_for_a_reason_and_keeps_the_filters(show: Show) -> None:
    html = show('{% export_links "/out" 3 %}', url="/?stage=late")
    assert 'name="reason" required' in html and 'name="stage" value="late"' in html
    assert "3 rows, as filtered." in html and "csrfmiddlewaretoken" in html


@pytest.mark.parametrize(
    ("level", "look"), [("SUCCESS", "is-ok"), ("ERROR", "is-bad"), ("INFO", "is-info")]
)
def test_a_message_takes_its_tone_and_icon(show: Show, level: str, look: str) -> None:
    message = Message(getattr(constants, level), "已保存")
    html = show('{% include "shell/_messages.html" %}', messages=[message])
    assert f"callout {look}" in html and "已保存" in html and "<svg" in html


def test_a_missing_stamp_is_a_dash(show: Show) -> None:
    assert "–" in show("{% stamp at %}", at=None)
    assert "2022-04-03" in show("{% stamp at %}", at=NOON, now=NOON + timedelta(days=900))


def test_a_block_that_does_not_exist_is_shown_as_nothing(show: Show) -> None:
    assert show('{% again "title" %}') == ""
