"""The same numbers in every format, opened again: Word, PDF, Markdown, data."""

import hashlib
import io
import json
from typing import Any

import pytest

from tests.reports.signing import laid_out, signed
from tests.reports.test_facts import case
from tongchou.reports import actions, document, formats, frozen, queries
from tongchou.reports.formats import fonts
from tongchou.reports.models import Report, Signed

pytestmark = pytest.mark.django_db
SAID = "新增报告3例（确诊3）。"


@pytest.fixture
def report(city: Any, person: Any) -> Report:
    for n in range(3):
        case(city, person, n)
    return laid_out(city)


@pytest.fixture
def sign(city: Any, report: Report) -> Signed:
    return signed(city, report)


def test_the_word_file_opens_with_the_numbers_and_the_form_of_an_office(
    report: Report, sign: Signed
) -> None:
    import docx

    paper = docx.Document(io.BytesIO(formats.made("docx", report, sign, "zh-hans")))
    lines = [each.text for each in paper.paragraphs]
    assert any(SAID in line for line in lines)
    assert {"一、疫情态势", "二、24小时变化"} <= set(lines)
    assert "（一）病例" in lines
    assert "签发人：河东值班" in lines
    assert round(paper.sections[0].top_margin.mm) == 37
    assert paper.sections[0].page_width.mm == pytest.approx(210, abs=0.1)


def test_the_word_file_names_the_fonts_of_the_standard_and_counts_its_pages(
    report: Report, sign: Signed
) -> None:
    import docx
    from docx.oxml.ns import qn

    paper = docx.Document(io.BytesIO(formats.made("docx", report, sign, "zh-hans")))
    kinds = {
        run._r.rPr.rFonts.get(qn("w:eastAsia")) for each in paper.paragraphs for run in each.runs
    }
    assert {"方正小标宋简体", "仿宋", "黑体", "楷体"} <= kinds
    assert "PAGE" in paper.sections[0].footer._element.xml


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_opens_with_the_numbers(report: Report, sign: Signed, language: str) -> None:
    import pypdf

    made = formats.made("pdf", report, sign, language)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    plain = "".join(text.split())
    wanted = SAID if language == "zh-hans" else "3newcaseswerereported(confirmed3)."
    assert wanted in plain
    assert sign.digest in plain
    assert "—1—" in plain


def test_the_pdf_of_a_signed_report_is_the_same_every_time(report: Report, sign: Signed) -> None:
    one, other = (formats.made("pdf", report, sign, "zh") for _ in range(2))
    assert one == other


def test_a_font_that_cannot_be_embedded_gives_way_to_the_one_every_reader_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "simfang.ttf").write_bytes(b"OTTO not a TrueType font")
    monkeypatch.setattr(fonts, "folders", lambda: [tmp_path])
    fonts.found.cache_clear()
    fonts.name.cache_clear()
    try:
        assert fonts.name("text") == "STSong-Light"
    finally:
        fonts.found.cache_clear()
        fonts.name.cache_clear()


def test_the_data_can_be_proved_by_anybody(report: Report, sign: Signed) -> None:
    told = json.loads(formats.made("json", report, sign, "zh"))
    text = json.dumps(told["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == told["digest"] == sign.digest


def test_markdown_has_the_chapters_and_the_numbers(report: Report, sign: Signed) -> None:
    text = formats.made("md", report, sign, "zh").decode()
    assert text.startswith("# 河东区疫情防控日报（2022年7月1日）")
    assert "## 一、疫情态势" in text and SAID in text and "研判" in text


def test_a_draft_says_that_it_is_one(report: Report) -> None:
    assert "草稿，未签发" in formats.made("md", report, None, "zh").decode()
    assert json.loads(formats.made("json", report, None, "zh"))["signed"] is False


def test_a_returned_report_is_shown_as_a_draft_again(city: Any, report: Report) -> None:
    sign = signed(city, report)
    actions.send_back(report=report, reason="缺来源", by=city.duty_city, now=city.at(hours=11))
    assert "草稿，未签发" in formats.made("md", report, sign, "zh").decode()


def test_a_correction_stands_below_what_was_signed(city: Any, report: Report, sign: Signed) -> None:
    actions.correct(
        signed=sign, key="cases.new", right="4", why="漏报一例", by=city.duty_east,
        now=city.at(hours=15),
    )  # fmt: skip
    text = formats.made("md", report, sign, "zh").decode()
    assert SAID in text  # what was signed stays
    assert "“3”应为“4”。理由：漏报一例" in text


def test_chapters_are_counted_as_offices_count_them(report: Report) -> None:
    drawn = document.of(queries.content_of(report, None), "zh")
    assert [each.number for each in drawn.chapters][:3] == ["一、", "二、", "三、"]
    assert document.chinese(21) == "二十一"


def test_what_was_frozen_reads_the_same_in_both_languages(report: Report, sign: Signed) -> None:
    content = frozen.read(sign.text)
    zh, en = document.of(content, "zh"), document.of(content, "en")
    n_zh, n_en = (sum(len(c.paragraphs) for c in d.chapters) for d in (zh, en))
    assert n_zh == n_en and en.title == "Daily report of 河东区, 1 July 2022"
