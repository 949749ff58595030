"""Lines of Chinese on paper end where they may."""

import pytest

from tongchou.reports.formats.lines import NOT_FIRST, NOT_LAST, breaks, joined, paragraph


def lines(text: str, signs: float) -> list[str]:
    """Broken at so many characters, each one wide."""
    return [words for _room, words in breaks(text, [1.0] * len(text), [signs])]


def test_no_comma_begins_a_line() -> None:
    assert lines("未找到的接触者，已转公安", 7) == ["未找到的接触", "者，已转公安"]


def test_no_bracket_is_left_open_at_the_end_of_a_line() -> None:
    assert lines("累计报告十五例（确诊十一）", 8) == ["累计报告十五例", "（确诊十一）"]


def test_a_number_is_not_torn() -> None:
    assert lines("截至2026年", 4) == ["截至", "2026", "年"]


def test_a_run_without_a_fair_place_is_cut() -> None:
    assert "".join(lines("a" * 30, 8)) == "a" * 30


@pytest.mark.parametrize("width", range(5, 30))
def test_nothing_is_lost_and_no_line_is_too_long(width: int) -> None:
    text = "全市新增病例9例（确诊7、无症状2），较24小时前增加3例；其中“社会面”2例。" * 3
    made = lines(text, width)
    assert "".join(made) == text
    assert all(len(line) <= width for line in made)
    assert not any(line[0] in NOT_FIRST or line[-1] in NOT_LAST for line in made if width > 8)


@pytest.mark.parametrize(
    "text",
    [
        "全市新增病例9例（确诊7、无症状2），较24小时前增加3例。" * 9,
        "cars are short at night; " * 40,
    ],
)
def test_a_paragraph_goes_on_overleaf_whole(text: str) -> None:
    from reportlab.lib.styles import ParagraphStyle

    look = ParagraphStyle("x", fontName="Helvetica", fontSize=10, leading=12, wordWrap="CJK")
    whole = paragraph()(text, look)
    whole.wrap(200, 1000)
    here, overleaf = whole.split(200, 40)
    for part in (here, overleaf):
        part.wrap(200, 1000)

    words = [line[1] for part in (here, overleaf) for line in part.blPara.lines]
    assert joined(each[0] for each in words).strip() == text.strip()


def test_words_of_letters_stay_apart_when_lines_are_put_together() -> None:
    assert joined(["cars are", "short", "（夜间）", "转运"]) == "cars are short（夜间）转运"
