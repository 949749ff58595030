"""The pages of the tracing desk as the people at it use them."""

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.tracing.conftest import SUN
from tongchou.cases.models import Case, Contact, Exposure
from tongchou.ledger.models import Passage
from tongchou.people.models import Identity
from tongchou.records.models import AuditEvent
from tongchou.tracing import actions
from tongchou.tracing.actions.investigations import CoreFacts
from tongchou.tracing.models import Investigation, ItineraryStay

HEAD = "姓名\t身份证号\t联系电话\t社区\t类别\t接触方式\t末次接触日期\n"
ROWS = (
    f"孙\t{SUN}\t13800001234\t渡口社区\t密接\t同餐\t2022-06-29\n"
    "周\t\t13800005678\t渡口社区\t密接\t同住\t2022-06-30\n"
)


@pytest.fixture(autouse=True)
def morning(city):
    """Every page is opened two hours after the first report, unless a test travels on."""
    with time_machine.travel(city.at(hours=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_user(client, sign_in):
    def enter(user):
        sign_in(client, user)
        return client

    return enter


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def page(name, *args):
    return reverse(f"tracing:{name}", args=args)


# --- the desk ----------------------------------------------------------------------------------


def test_the_desk_shows_what_is_due(city, as_user, investigation, sun):
    html = as_user(city.wu).get(page("desk")).content.decode()
    assert investigation.case.number in html
    assert page("investigation", investigation.pk) in html


def test_the_desk_counts_contacts_by_stage(city, as_user, sun):
    figures = as_user(city.wu).get(page("desk")).context["figures"]
    assert [(f.stage, f.n) for f in figures][:2] == [("listed", 1), ("notified", 0)]


def test_the_desk_shows_nothing_of_other_areas(city, as_user, case_of):
    from tongchou.staff.models import Post

    far = case_of(area=city.west)
    actions.open_investigation(far.passage, by=city.qian, now=city.at(hours=1))
    Post.objects.filter(user=city.wu).update(area=city.east, level=3)
    assert far.number not in as_user(city.wu).get(page("desk")).content.decode()


def test_the_desk_is_asked_again_by_htmx_without_its_frame(city, as_user, sun):
    response = as_user(city.wu).get(page("desk"), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()


# --- contacts ----------------------------------------------------------------------------------


def test_the_list_costs_the_same_with_many_rows(
    city, as_user, entry, django_assert_max_num_queries
):
    lines = [entry(name=f"甲{n}", phone=f"1380000{n:04d}") for n in range(40)]
    actions.list_many(entries=lines, by=city.wu, now=city.at(hours=2))
    client = as_user(city.wu)
    with django_assert_max_num_queries(22):
        response = client.get(page("contacts"))
    assert len(response.context["rows"]) == 40


def test_the_list_is_sorted_and_filtered(city, as_user, sun, listing):
    listing(name="周", tier="secondary", case=None, through=sun)
    response = as_user(city.wu).get(page("contacts"), {"sort": "due", "tier": "close"})
    assert [row.contact for row in response.context["rows"]] == [sun]


def test_an_export_leaves_its_reason_and_count_in_the_audit(city, as_user, li, sun):
    response = as_user(city.wu).post(page("export"), {"format": "csv", "reason": "for the street"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert sun.number in text and li.number in text and "孙" not in text
    assert '"rows": 1' in AuditEvent.objects.get(verb="contact.export").detail


def test_who_may_not_export_is_refused(city, as_user):
    response = as_user(city.zhao).post(page("export"), {"format": "csv", "reason": "curious"})
    assert response.status_code == 403


def test_those_ticked_are_notified_together(city, as_user, listing):
    ticks = [listing(name=f"甲{n}", phone=f"1380000{n:04d}").contact for n in range(3)]
    response = as_user(city.wu).post(
        page("act_on_many"),
        {"to": "notified", "contact": [f"{c.pk}:{c.passage.n_legs}" for c in ticks]},
    )
    assert any("3" in text for text in said(response))
    assert Passage.objects.filter(loop="contact", stage="notified").count() == 3


def test_who_has_moved_on_is_left_out_and_named(city, as_user, sun, listing):
    other = listing(name="周").contact
    ticks = [f"{sun.pk}:1", f"{other.pk}:1"]
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=2.5))
    response = as_user(city.wu).post(page("act_on_many"), {"to": "not_found", "contact": ticks})
    assert any(sun.number in text for text in said(response))
    assert Contact.objects.get(pk=other.pk).passage.stage == "not_found"


def test_ticking_nobody_is_told(city, as_user, sun):
    assert said(as_user(city.wu).post(page("act_on_many"), {"to": "notified"}))


def test_what_needs_a_reason_is_done_one_by_one(city, as_user, sun):
    response = as_user(city.wu).post(
        page("act_on_many"), {"to": "dismissed", "contact": f"{sun.pk}:1"}
    )
    assert response.status_code == 400


def test_the_page_of_a_contact_says_whom_it_met(city, as_user, li, sun):
    html = as_user(city.wu).get(page("contact", sun.pk)).content.decode()
    assert li.number in html and str(sun.person) in html


def test_the_page_of_a_contact_names_nobody(city, as_user, sun):
    html = as_user(city.wu).get(page("contact", sun.pk)).content.decode()
    assert "13800001234" not in html and SUN not in html


def test_a_contact_of_another_area_is_not_found(city, as_user, case_of, listing):
    contact = listing(name="周", area=city.west, case=case_of(area=city.west)).contact
    assert as_user(city.duty_east).get(page("contact", contact.pk)).status_code == 404


def test_a_passage_leads_to_the_page_of_its_contact(city, as_user, sun):
    response = as_user(city.wu).get(page("contact_by_passage", sun.passage_id))
    assert response.url == page("contact", sun.pk)


def act(client, contact, to, leg=None, **typed):
    leg = leg or Contact.objects.get(pk=contact.pk).passage.n_legs
    data = {f"{to}-{name}": value for name, value in ({"leg": leg} | typed).items()}
    return client.post(page("contact_act", contact.pk, to), data)


def test_a_contact_is_carried_in_place(city, as_user, sun):
    act(as_user(city.wu), sun, "notified")
    act(as_user(city.chen), sun, "located", note="at home")
    sun.refresh_from_db()
    assert sun.passage.stage == "located"


def test_a_contact_located_in_another_area_goes_there(city, as_user, sun):
    act(as_user(city.wu), sun, "notified")
    act(as_user(city.chen), sun, "located", area="柳林街道")
    sun.refresh_from_db()
    assert sun.area.name == "柳林街道"


def test_the_second_of_two_desks_is_told(city, as_user, sun):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=2.5))
    response = act(as_user(city.wu), sun, "not_found", leg=1)
    assert any("moved on" in text for text in said(response))
    assert Contact.objects.get(pk=sun.pk).passage.stage == "notified"


def test_who_is_not_awaited_may_not_sign(city, as_user, sun):
    assert act(as_user(city.chen), sun, "notified").status_code == 403


def test_elsewhere_without_a_place_is_refused_in_place(city, as_user, sun):
    response = act(as_user(city.wu), sun, "elsewhere", destination="")
    assert response.status_code == 422
    assert any(offer.open for offer in response.context["offers"])


def test_a_phone_number_in_a_note_is_refused(city, as_user, sun):
    assert act(as_user(city.wu), sun, "not_found", note="13800001234").status_code == 422


def test_an_outcome_that_is_none_is_not_found(city, as_user, sun):
    assert act(as_user(city.wu), sun, "vanished").status_code == 404


def test_a_tier_is_changed_in_place(city, as_user, sun):
    data = {"tier-seen": "close", "tier-tier": "secondary"}
    as_user(city.wu).post(page("set_tier", sun.pk), data)
    sun.refresh_from_db()
    assert sun.tier == "secondary"


def test_an_old_page_does_not_change_the_tier(city, as_user, sun):
    data = {"tier-seen": "general", "tier-tier": "secondary"}
    response = as_user(city.wu).post(page("set_tier", sun.pk), data)
    assert any("just now" in text for text in said(response))


def test_a_contact_is_handed_to_another_area(city, as_user, sun):
    data = {"move-leg": 1, "move-area": "柳林街道"}
    as_user(city.wu).post(page("contact_move", sun.pk), data)
    sun.refresh_from_db()
    assert sun.area.name == "柳林街道"
    response = as_user(city.wu).post(page("contact_move", sun.pk), {"move-leg": 2})
    assert response.status_code == 422


def test_back_from_elsewhere_in_the_inbox_empties_the_destination(city, as_user, sun):
    actions.elsewhere(contact=sun, destination="宜昌", by=city.wu, now=city.at(hours=2.5))
    as_user(city.assist).post(
        reverse("ledger:hand_over", args=[sun.passage_id]), {"leg": 2, "to": "listed"}
    )
    sun.refresh_from_db()
    assert (sun.passage.stage, sun.destination) == ("listed", "")


# --- the pool and the checks -------------------------------------------------------------------


def test_the_pool_shows_who_answers(city, as_user, sun):
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=2.5))
    html = as_user(city.peng).get(page("not_found")).content.decode()
    assert sun.number in html and "市公安局" in html


def test_the_checks_are_one_click_from_their_lines(city, as_user, listing, sun):
    wrong = listing(name="周", phone="13800001111", last_on=None).contact
    client = as_user(city.wu)
    response = client.get(page("checks"))
    assert response.context["counts"][0].code == "last_day"
    html = client.get(page("checks"), {"check": "last_day"}).content.decode()
    assert wrong.number in html and sun.number not in html


# --- the investigation -------------------------------------------------------------------------


def facts(investigation, **changes):
    return {
        f"facts-{name}": value
        for name, value in (
            {
                "version": investigation.version,
                "case_version": investigation.case.version,
                "leg": investigation.passage.n_legs,
                "onset_on": "2022-06-29",
                "symptoms": ["fever", "cough"],
                "lives_in": "渡口社区",
                "source_kind": "unknown",
                "summary": "Fish market every morning, bus 138.",
            }
            | changes
        ).items()
    }


def test_core_facts_are_recorded_on_the_page(city, as_user, investigation):
    client = as_user(city.wu)
    assert client.get(page("investigation", investigation.pk)).context["facts_due"]
    client.post(page("core_facts", investigation.pk), facts(investigation))
    investigation.refresh_from_db()
    assert (investigation.passage.stage, investigation.symptom_names[0]) == (
        "core_known",
        "fever",
    )


def test_core_facts_are_completed_on_the_page(city, as_user, investigation):
    client = as_user(city.wu)
    client.post(page("core_facts", investigation.pk), facts(investigation))
    investigation = Investigation.objects.select_related("passage", "case").get()
    client.post(page("core_facts", investigation.pk), facts(investigation, occupation="fishmonger"))
    assert Case.objects.get().occupation == "fishmonger"


def test_an_old_page_of_core_facts_is_told(city, as_user, investigation):
    old = facts(investigation)
    client = as_user(city.wu)
    client.post(page("core_facts", investigation.pk), old)
    response = client.post(page("core_facts", investigation.pk), old)
    assert response.status_code == 422
    assert "moved on" in response.content.decode()


def test_an_onset_to_come_is_refused_on_the_page(city, as_user, investigation):
    response = as_user(city.wu).post(
        page("core_facts", investigation.pk), facts(investigation, onset_on="2022-07-20")
    )
    assert response.status_code == 422


def test_a_phone_number_in_the_summary_is_refused(city, as_user, investigation):
    response = as_user(city.wu).post(
        page("core_facts", investigation.pk), facts(investigation, summary="met 13800001234")
    )
    assert response.status_code == 422


def test_who_does_not_trace_records_no_facts(city, as_user, investigation):
    response = as_user(city.zhao).post(page("core_facts", investigation.pk), facts(investigation))
    assert response.status_code == 403


def test_the_lead_is_taken_on_the_page(city, as_user, investigation):
    as_user(city.wu).post(page("take", investigation.pk))
    investigation.refresh_from_db()
    assert investigation.lead == city.wu


def test_a_case_out_of_reach_goes_to_public_security(city, as_user, investigation):
    as_user(city.wu).post(
        page("investigation_act", investigation.pk, "unreachable"),
        {"unreachable-leg": 1, "unreachable-note": "phone is off"},
    )
    investigation.refresh_from_db()
    assert investigation.passage.stage == "unreachable"


def test_giving_up_without_a_reason_is_refused_in_place(city, as_user, investigation):
    actions.unreachable(investigation=investigation, by=city.wu, now=city.at(hours=2))
    response = as_user(city.peng).post(
        page("investigation_act", investigation.pk, "abandoned"), {"abandoned-leg": 2}
    )
    assert response.status_code == 422
    assert (
        as_user(city.peng).post(page("investigation_act", investigation.pk, "gone"), {}).status_code
        == 404
    )


@pytest.fixture
def known(city, investigation):
    core = CoreFacts(lives_in=city.community, summary="Market.")
    return actions.record_core_facts(
        investigation=investigation, facts=core, by=city.wu, now=city.at(hours=2)
    )


def test_a_report_is_submitted_returned_and_accepted(city, as_user, known):
    report = {
        "report-version": known.version,
        "report-leg": known.passage.n_legs,
        "report-report": "All of it.",
        "report-conclusion": "The market.",
    }
    client = as_user(city.wu)
    assert client.get(page("investigation", known.pk)).context["report_form"]
    client.post(page("submit", known.pk), report)
    assert Investigation.objects.get().passage.stage == "submitted"
    client = as_user(city.qian)
    client.post(
        page("investigation_act", known.pk, "core_known"),
        {"core_known-leg": 3, "core_known-reason": "which bus?"},
    )
    again = {"report-version": known.version + 1, "report-leg": 4}
    as_user(city.wu).post(page("submit", known.pk), report | again)
    as_user(city.qian).post(page("investigation_act", known.pk, "accepted"), {"accepted-leg": 5})
    assert Investigation.objects.get().passage.stage == "accepted"


def test_a_report_without_a_conclusion_is_refused_in_place(city, as_user, known):
    response = as_user(city.wu).post(page("submit", known.pk), {"report-report": "All."})
    assert response.status_code == 422


def test_the_tracer_does_not_accept_the_own_report(city, as_user, known):
    actions.submit_report(
        investigation=known, report="a", conclusion="b", by=city.wu, now=city.at(hours=2.5)
    )
    response = as_user(city.wu).post(
        page("investigation_act", known.pk, "accepted"), {"accepted-leg": 3}
    )
    assert response.status_code == 403


def stay(**changes):
    return {
        f"stay-{name}": value
        for name, value in (
            {
                "from_at": "2022-06-30T08:00",
                "to_at": "2022-06-30T09:30",
                "place_name": "鱼市",
                "confidence": "2",
            }
            | changes
        ).items()
    }


def test_a_stay_is_added_and_taken_out_on_the_page(city, as_user, investigation):
    client = as_user(city.wu)
    client.post(page("add_stay", investigation.pk), stay())
    written = ItineraryStay.objects.get()
    assert (written.place_name, written.confidence) == ("鱼市", 2)
    client.post(page("remove_stay", investigation.pk, written.pk))
    assert not ItineraryStay.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"to_at": "2022-06-30T07:00"},
        {"to_at": "2022-08-30T07:00"},
        {"transport": "bus"},
        {"note": "sat beside 13800001234"},
        {"area": "月亮"},
    ],
)
def test_a_stay_that_cannot_be_is_refused_in_place(city, as_user, investigation, changes):
    response = as_user(city.wu).post(page("add_stay", investigation.pk), stay(**changes))
    assert response.status_code == 422
    assert response.context["stay_form"].errors


def test_a_stay_at_a_known_place_is_tied_to_it(city, as_user, investigation):
    from tongchou.areas.models import Place

    place = Place.objects.create(kind="shop", name="鱼市", area=city.east)
    as_user(city.wu).post(page("add_stay", investigation.pk), stay())
    assert ItineraryStay.objects.get().place == place


def test_two_stays_at_once_are_marked(city, as_user, investigation):
    client = as_user(city.wu)
    client.post(page("add_stay", investigation.pk), stay())
    client.post(
        page("add_stay", investigation.pk),
        stay(from_at="2022-06-30T09:00", to_at="2022-06-30T10:00", place_name="家"),
    )
    stays = client.get(page("investigation", investigation.pk)).context["stays"]
    assert [row.overlaps for row in stays] == [False, True]


def test_a_passage_leads_to_the_page_of_its_investigation(city, as_user, investigation):
    response = as_user(city.wu).get(page("investigation_by_passage", investigation.passage_id))
    assert response.url == page("investigation", investigation.pk)


def test_the_page_costs_the_same_with_many_contacts(
    city, as_user, entry, investigation, django_assert_max_num_queries
):
    lines = [entry(name=f"甲{n}", phone=f"1380000{n:04d}") for n in range(40)]
    actions.list_many(entries=lines, by=city.wu, now=city.at(hours=2))
    client = as_user(city.wu)
    with django_assert_max_num_queries(45):
        response = client.get(page("investigation", investigation.pk))
    assert len(response.context["rows"]) == 40


def test_the_panels_stand_on_the_page_of_the_case(city, as_user, li, investigation, sun):
    client = as_user(city.wu)
    addresses = [
        url for _label, url in client.get(reverse("cases:case", args=[li.pk])).context["panels"]
    ]
    assert page("itinerary_panel", li.pk) in addresses
    assert sun.number in client.get(page("contacts_panel", li.pk)).content.decode()
    response = client.get(page("itinerary_panel", li.pk), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()


def test_a_case_that_is_not_verified_has_no_investigation_yet(city, as_user, li):
    html = as_user(city.wu).get(page("itinerary_panel", li.pk)).content.decode()
    assert "verified" in html


# --- listing -----------------------------------------------------------------------------------


def contact(**changes):
    return {
        "name": "孙",
        "document": SUN,
        "phone": "13800001234",
        "tier": "close",
        "way": "meal",
        "last_on": "2022-06-29",
        "area": "渡口社区",
    } | changes


def test_a_contact_is_listed_by_form(city, as_user, li, investigation):
    response = as_user(city.wu).post(page("list_one", li.pk), contact())
    assert response.url == page("investigation", investigation.pk) + "#contacts"
    assert Contact.objects.get().exposures.get().case == li


def test_the_identity_of_a_contact_is_sealed(city, as_user, li):
    as_user(city.wu).post(page("list_one", li.pk), contact())
    (stored,) = Identity.objects.values_list("name", flat=True)
    assert "孙" not in str(stored)


def test_after_one_contact_the_form_is_there_for_another(city, as_user, li):
    response = as_user(city.wu).post(page("list_one", li.pk), contact(another="1"))
    assert response.url == page("list_one", li.pk)


def test_a_contact_listed_twice_is_told(city, as_user, li):
    client = as_user(city.wu)
    client.post(page("list_one", li.pk), contact())
    response = client.post(page("list_one", li.pk), contact())
    assert any("already" in text for text in said(response))


def test_a_contact_without_a_street_is_listed_and_the_fault_named(city, as_user, li):
    response = as_user(city.wu).post(page("list_one", li.pk), contact(area="河东区"))
    assert any("street" in text.lower() for text in said(response))
    assert Contact.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "", "document": "", "phone": ""},
        {"tier": "secondary"},
        {"last_on": "2022-07-20"},
        {"first_on": "2022-06-30"},
        {"document": "123"},
        {"area": "月亮"},
        {"through": "K-999"},
    ],
)
def test_a_contact_that_cannot_be_is_refused(city, as_user, li, changes):
    response = as_user(city.wu).post(page("list_one", li.pk), contact(**changes))
    assert response.status_code == 422
    assert not Contact.objects.exists()


def test_a_general_contact_is_told_to_be_for_the_record(city, as_user, li):
    response = as_user(city.wu).post(page("list_one", li.pk), contact(tier="general"))
    assert any("record" in text for text in said(response))


def test_who_does_not_trace_lists_nobody(city, as_user, li):
    assert as_user(city.zhao).get(page("list_one", li.pk)).status_code == 403


def test_a_pasted_table_is_shown_before_it_is_stored(city, as_user, li):
    response = as_user(city.wu).post(page("paste", li.pk), {"table": HEAD + ROWS})
    assert len(response.context["preview"].made) == 2
    assert not Contact.objects.exists()


def test_a_pasted_table_is_stored_and_reconciled(city, as_user, li, investigation):
    client = as_user(city.wu)
    bad = "吴\t123\t\t渡口社区\t密接\t同餐\t2022-06-29\n"
    preview = client.post(page("paste", li.pk), {"table": HEAD + ROWS + bad})
    source = preview.context["source"]
    response = client.post(page("paste", li.pk), {"source": source, "store": "1"})
    assert said(response) == ["3 read = 2 new + 0 known, met anew + 0 unchanged + 1 refused."]
    assert (Contact.objects.count(), Exposure.objects.count()) == (2, 2)


def test_the_same_table_again_changes_nothing(city, as_user, li):
    client = as_user(city.wu)
    source = client.post(page("paste", li.pk), {"table": HEAD + ROWS}).context["source"]
    for _again in range(2):
        response = client.post(page("paste", li.pk), {"source": source, "store": "1"})
    assert said(response)[-1].startswith("2 read = 0 new")
    assert Contact.objects.count() == 2


def test_an_excel_file_is_read_like_what_is_pasted(city, as_user, li):
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from openpyxl import Workbook

    book = Workbook()
    for line in (HEAD + ROWS).splitlines():
        book.active.append(line.split("\t"))
    file = io.BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("密接名单.xlsx", file.getvalue())
    response = as_user(city.wu).post(page("paste", li.pk), {"file": upload})
    assert len(response.context["preview"].made) == 2


@pytest.mark.parametrize("data", [{}, {"table": "  "}, {"source": "%%%"}])
def test_nothing_pasted_is_told(city, as_user, li, data):
    assert as_user(city.wu).post(page("paste", li.pk), data).status_code == 422


def test_a_broken_table_is_told(city, as_user, li):
    response = as_user(city.wu).post(page("paste", li.pk), {"table": 'name,phone\n"open,1\n'})
    assert response.status_code == 422


def test_the_empty_table_has_the_heads_that_are_read(city, as_user):
    chinese = {"Accept-Language": "zh-CN"}
    response = as_user(city.wu).post(page("paste_template"), {"format": "csv"}, headers=chinese)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.startswith("姓名,身份证号")


def test_the_paste_box_is_open_to_tracers(city, as_user, li):
    assert as_user(city.wu).get(page("paste", li.pk)).status_code == 200
