"""The pages of cases as the people at the desks use them."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tongchou.cases import actions, documents, grouping, linking, panels
from tongchou.cases.models import Case, Cluster, Document
from tongchou.people.models import Identity
from tongchou.records.models import AuditEvent

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def as_user(client, sign_in):
    """The test client with somebody signed in."""

    def enter(user):
        sign_in(client, user)
        return client

    return enter


@pytest.fixture(autouse=True)
def morning(city, time_machine_at):
    """Every page is opened an hour after Li was reported."""
    time_machine_at(city.at(hours=1))


@pytest.fixture
def time_machine_at():
    import time_machine

    travellers = []

    def travel(moment):
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield travel
    for traveller in reversed(travellers):
        traveller.stop()


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def page(case):
    return reverse("cases:case", args=[case.pk])


def new_case(city, **facts):
    return {
        "name": "李",
        "document": ID_NUMBER,
        "document_kind": "id_card",
        "phone": "",
        "sex": "unknown",
        "area": "渡口社区",
        "classification": "confirmed",
        "found_by": "self",
        "severity": "unknown",
        "disease": "covid19_omicron",
        "reported_on": "2022-07-01",
    } | facts


# --- the list ----------------------------------------------------------------------------------


def test_the_list_shows_the_cases_of_ones_area(city, as_user, li, reported):
    other = reported(area=city.west)
    html = as_user(city.duty_east).get(reverse("cases:list")).content.decode()
    assert li.number in html
    assert other.number not in html


def test_the_list_costs_the_same_with_many_rows(
    city, as_user, reported, django_assert_max_num_queries
):
    for _n in range(30):
        reported()
    client = as_user(city.qian)
    with django_assert_max_num_queries(16):
        response = client.get(reverse("cases:list"))
    assert response.content.decode().count("data-open>") == 30


def test_the_list_is_paged_by_key(city, as_user, reported):
    numbers = {reported().number for _n in range(60)}
    client = as_user(city.qian)
    first = client.get(reverse("cases:list"))
    rows = {row.case.number for row in first.context["rows"]}
    second = client.get(reverse("cases:list"), first.context["page"].next)
    rows |= {row.case.number for row in second.context["rows"]}
    assert rows == numbers


def test_the_list_answers_htmx_with_its_rows_alone(city, as_user, li):
    response = as_user(city.qian).get(reverse("cases:list"), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("sort", ["number", "-number", "due", "-due", "reported", "nonsense"])
def test_the_list_is_sorted(city, as_user, li, sort):
    response = as_user(city.qian).get(reverse("cases:list"), {"sort": sort})
    assert li.number in response.content.decode()


def test_a_filter_that_makes_no_sense_narrows_nothing(city, as_user, li):
    response = as_user(city.qian).get(reverse("cases:list"), {"stage": "nowhere", "area": "?"})
    assert li.number in response.content.decode()


def test_who_has_no_post_sees_an_empty_list(city, as_user, li, django_user_model):
    stranger = django_user_model.objects.create(username="stranger")
    response = as_user(stranger).get(reverse("cases:list"))
    assert li.number not in response.content.decode()


def test_nobody_sees_the_list_without_signing_in(client, db):
    assert client.get(reverse("cases:list")).status_code == 302


# --- export ------------------------------------------------------------------------------------


def test_an_export_leaves_its_reason_and_count_in_the_audit(city, as_user, li):
    response = as_user(city.qian).post(
        reverse("cases:export"), {"format": "csv", "reason": "weekly review"}
    )
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert li.number in text
    event = AuditEvent.objects.get(verb="case.export")
    assert '"rows": 1' in event.detail and "weekly review" in event.detail


def test_an_export_is_filtered_like_the_list(city, as_user, li, reported):
    other = reported(area=city.west)
    response = as_user(city.qian).post(
        reverse("cases:export"), {"format": "csv", "reason": "review", "area": "河西区"}
    )
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert other.number in text and li.number not in text


def test_an_export_without_a_reason_is_refused(city, as_user):
    response = as_user(city.qian).post(reverse("cases:export"), {"format": "csv"})
    assert response.status_code == 400


def test_who_may_not_export_is_refused(city, as_user):
    response = as_user(city.zhao).post(
        reverse("cases:export"), {"format": "csv", "reason": "curious"}
    )
    assert response.status_code == 403


def test_an_excel_file_is_written(city, as_user, li):
    response = as_user(city.qian).post(
        reverse("cases:export"), {"format": "xlsx", "reason": "review"}
    )
    assert b"".join(response.streaming_content).startswith(b"PK")


# --- reporting ---------------------------------------------------------------------------------


def test_a_report_makes_a_case_with_its_person(city, as_user):
    response = as_user(city.lin).post(reverse("cases:report"), new_case(city))
    case = Case.objects.get()
    assert response.url == page(case)
    assert (case.area, case.person.birth_year, case.age) == (city.community, 1949, 73)


def test_a_report_says_who_reported(city, as_user):
    as_user(city.lin).post(reverse("cases:report"), new_case(city))
    assert str(Case.objects.get().reporter) == "市第一医院"


def test_the_identity_is_sealed(city, as_user):
    as_user(city.lin).post(reverse("cases:report"), new_case(city))
    (stored,) = Identity.objects.values_list("name", flat=True)
    assert "李" not in str(stored)


def test_the_report_form_begins_with_six_fields(city, as_user):
    form = as_user(city.lin).get(reverse("cases:report")).context["form"]
    assert len(form.first) == 6


def test_a_report_of_nobody_is_refused(city, as_user):
    response = as_user(city.lin).post(reverse("cases:report"), new_case(city, name="", document=""))
    assert response.status_code == 422
    assert not Case.objects.exists()


def test_a_report_with_an_onset_to_come_says_how_to_mend_it(city, as_user):
    response = as_user(city.lin).post(
        reverse("cases:report"), new_case(city, onset_on="2022-07-09")
    )
    error = response.context["form"].errors["onset_on"].as_text()
    assert "year" in error


def test_what_can_hardly_be_is_asked_once_more(city, as_user):
    doubtful = new_case(city, onset_on="2021-06-28")
    client = as_user(city.lin)
    response = client.post(reverse("cases:report"), doubtful)
    assert response.context["form"].doubts
    client.post(reverse("cases:report"), doubtful | {"looked_again": "on"})
    assert Case.objects.get().onset_on == date(2021, 6, 28)


def test_a_second_report_of_the_same_person_points_at_the_first(city, as_user):
    client = as_user(city.lin)
    client.post(reverse("cases:report"), new_case(city))
    response = client.post(reverse("cases:report"), new_case(city))
    assert Case.objects.get().number in response.content.decode()
    assert response.status_code == 422


def test_an_area_that_is_not_there_is_refused(city, as_user):
    response = as_user(city.lin).post(reverse("cases:report"), new_case(city, area="月亮"))
    assert "area" in response.context["form"].errors


def test_an_area_is_read_by_its_code(city, as_user):
    as_user(city.lin).post(reverse("cases:report"), new_case(city, area="果园 (990103001001)"))
    assert Case.objects.get().area_id == "990103001001"


def test_areas_are_suggested_while_typing(city, as_user):
    response = as_user(city.lin).get(reverse("cases:areas"), {"area": "渡口"})
    assert "渡口社区 (990102001001)" in response.content.decode()


def test_a_known_person_is_reported_without_typing_the_identity(city, as_user, person):
    known = person(birth_year=1980)
    url = f"{reverse('cases:report')}?person={known.pk}"
    client = as_user(city.lin)
    assert "name" not in client.get(url).context["form"].fields
    client.post(url, new_case(city))
    assert Case.objects.get().person == known


def test_who_reports_for_another_area_is_led_back_to_the_list(city, as_user, django_user_model):
    from tongchou.staff.models import Post, Unit

    post = Post.objects.get(user=city.hua)
    Post.objects.filter(pk=post.pk).update(area=city.east, level=3)
    assert Unit.objects.exists()
    response = as_user(city.hua).post(reverse("cases:report"), new_case(city, area="990103"))
    assert response.url == reverse("cases:list")


def test_who_may_not_report_is_refused(city, as_user):
    assert as_user(city.zhao).get(reverse("cases:report")).status_code == 403


# --- the page ----------------------------------------------------------------------------------


def test_the_page_shows_the_case_and_its_way(city, as_user, li):
    html = as_user(city.qian).get(page(li)).content.decode()
    assert li.number in html and str(li.person) in html


def test_the_page_of_a_case_elsewhere_is_not_found(city, as_user, reported):
    case = reported(area=city.west)
    assert as_user(city.duty_east).get(page(case)).status_code == 404


def test_the_page_costs_the_same_with_many_neighbours(
    city, as_user, li, reported, django_assert_max_num_queries
):
    grouping.found(
        name="M",
        area=city.east,
        found_on=date(2022, 7, 1),
        cases=[li, *(reported() for _n in range(20))],
        by=None,
        now=city.at(),
    )
    client = as_user(city.qian)
    with django_assert_max_num_queries(30):
        client.get(page(li))


def test_a_passage_leads_to_the_page_of_its_case(city, as_user, li):
    response = as_user(city.qian).get(reverse("cases:by_passage", args=[li.passage_id]))
    assert response.url == page(li)


def test_only_what_ones_role_may_sign_is_offered(city, as_user, li):
    client = as_user(city.qian)
    assert [o.act.to for o in client.get(page(li)).context["offers"]] == ["verified", "discarded"]
    client = as_user(city.zhao)
    assert client.get(page(li)).context["offers"] == []


def act(client, case, to, leg=None, **typed):
    leg = leg or Case.objects.get(pk=case.pk).passage.n_legs
    data = {f"{to}-{name}": value for name, value in ({"leg": leg} | typed).items()}
    return client.post(reverse("cases:act", args=[case.pk, to]), data)


def test_a_case_is_verified_in_place(city, as_user, li):
    act(as_user(city.qian), li, "verified", classification="confirmed")
    li.refresh_from_db()
    assert li.passage.stage == "verified"


def test_a_case_is_carried_to_the_end_in_place(city, as_user, li, time_machine_at):
    act(as_user(city.qian), li, "verified", classification="confirmed")
    time_machine_at(city.at(hours=4))
    act(as_user(city.lin), li, "admitted", hospital="市第一医院", severity="mild", on="2022-07-01")
    time_machine_at(city.at(days=9))
    act(as_user(city.lin), li, "recovered", on="2022-07-10")
    time_machine_at(city.at(days=17))
    act(as_user(city.chen), li, "followed_up", note="well")
    li.refresh_from_db()
    assert (li.passage.stage, li.severity, li.outcome_on) == (
        "followed_up",
        "mild",
        date(2022, 7, 10),
    )


def test_the_second_of_two_desks_is_told_in_words(city, as_user, li):
    seen = li.passage.n_legs
    actions.verify(case=li, by=city.qian, now=city.at(minutes=30))
    response = act(as_user(city.qian), li, "discarded", leg=seen, reason="negative")
    assert any("moved on" in text for text in said(response))
    li.refresh_from_db()
    assert li.outcome == ""


def test_who_may_not_sign_is_refused(city, as_user, li):
    assert act(as_user(city.zhao), li, "verified", classification="confirmed").status_code == 403


def test_discarding_without_a_reason_is_refused_in_place(city, as_user, li):
    response = act(as_user(city.qian), li, "discarded", reason="")
    assert response.status_code == 422
    assert any(offer.open for offer in response.context["offers"])


def test_a_phone_number_in_a_reason_is_refused(city, as_user, li):
    response = act(as_user(city.qian), li, "discarded", reason="call 13800001234")
    assert response.status_code == 422


def test_a_death_before_the_illness_is_refused(city, as_user, li):
    actions.verify(case=li, by=city.qian, now=city.at(minutes=10))
    actions.investigated(case=li, by=city.wu, now=city.at(minutes=20))
    assert act(as_user(city.lin), li, "died", on="2022-06-01").status_code == 422


def test_an_outcome_that_is_none_is_not_found(city, as_user, li):
    assert act(as_user(city.qian), li, "abducted").status_code == 404


def test_a_case_is_classified_in_place(city, as_user, li):
    as_user(city.qian).post(
        reverse("cases:classify", args=[li.pk]),
        {
            "classify-seen": "confirmed",
            "classify-classification": "probable",
            "classify-reason": "no test result",
        },
    )
    li.refresh_from_db()
    assert li.classification == "probable"


def test_an_old_page_does_not_classify(city, as_user, li):
    response = as_user(city.qian).post(
        reverse("cases:classify", args=[li.pk]),
        {
            "classify-seen": "suspected",
            "classify-classification": "probable",
            "classify-reason": "no test result",
        },
    )
    assert any("just now" in text for text in said(response))


def test_classifying_needs_grounds(city, as_user, li):
    response = as_user(city.qian).post(
        reverse("cases:classify", args=[li.pk]),
        {"classify-seen": "confirmed", "classify-classification": "probable"},
    )
    assert response.status_code == 422


def correction(case, **facts):
    stated = {
        "version": case.version,
        "onset_on": "2022-06-29",
        "reported_on": "2022-07-01",
        "severity": "unknown",
        "found_by": "self",
    }
    return stated | facts


def test_facts_are_corrected(city, as_user, li):
    url = reverse("cases:correct", args=[li.pk])
    client = as_user(city.wu)
    assert client.get(url).status_code == 200
    client.post(url, correction(li, onset_on="2022-06-28", occupation="cook"))
    li.refresh_from_db()
    assert (li.onset_on, li.occupation) == (date(2022, 6, 28), "cook")
    assert "2022-06-29" in client.get(page(li)).content.decode()


def test_a_stale_correction_is_told_and_stores_nothing(city, as_user, li):
    stale = correction(li, age="50")
    actions.update_facts(case=li, changes={"age": 44}, by=city.lin, now=city.at())
    response = as_user(city.wu).post(reverse("cases:correct", args=[li.pk]), stale)
    assert response.status_code == 422
    li.refresh_from_db()
    assert li.age == 44


def test_a_correction_that_cannot_be_is_refused(city, as_user, li):
    response = as_user(city.wu).post(
        reverse("cases:correct", args=[li.pk]), correction(li, onset_on="2022-07-20")
    )
    assert response.status_code == 422


def test_a_phone_number_is_no_occupation(city, as_user, li):
    response = as_user(city.wu).post(
        reverse("cases:correct", args=[li.pk]), correction(li, occupation="13800001234")
    )
    assert response.status_code == 422


def test_a_case_is_handed_to_another_area_and_stays_in_sight(city, as_user, li, django_user_model):
    response = as_user(city.qian).post(
        reverse("cases:move", args=[li.pk]),
        {"move-leg": li.passage.n_legs, "move-area": "河西区", "move-note": "lives there"},
    )
    assert response.status_code == 302
    li.refresh_from_db()
    assert li.area == city.west
    assert as_user(city.duty_east).get(page(li)).status_code == 200


def test_a_move_to_nowhere_is_refused_in_place(city, as_user, li):
    response = as_user(city.qian).post(
        reverse("cases:move", args=[li.pk]),
        {"move-leg": li.passage.n_legs, "move-area": "月亮"},
    )
    assert response.status_code == 422


def test_the_former_area_only_looks(city, as_user, li):
    actions.move(case=li, area=city.west, by=city.qian, now=city.at(minutes=30))
    response = as_user(city.duty_east).post(
        reverse("cases:move", args=[li.pk]),
        {"move-leg": 2, "move-area": "河东区"},
    )
    assert response.status_code == 403


# --- clusters, chains, graph, panels, documents ------------------------------------------------


def test_a_case_founds_a_cluster(city, as_user, li):
    as_user(city.wu).post(reverse("cases:cluster", args=[li.pk]), {"cluster-name": "Fish market"})
    assert Case.objects.get(pk=li.pk).cluster.name == "Fish market"


def test_a_case_joins_and_leaves_a_cluster(city, as_user, li, reported):
    group = grouping.found(
        name="M",
        area=city.city,
        found_on=date(2022, 7, 1),
        cases=[reported()],
        by=None,
        now=city.at(),
    )
    client = as_user(city.wu)
    client.post(reverse("cases:cluster", args=[li.pk]), {"cluster-cluster": group.pk})
    assert Case.objects.get(pk=li.pk).cluster == group
    client.post(reverse("cases:cluster", args=[li.pk]), {})
    assert Case.objects.get(pk=li.pk).cluster is None


def test_a_cluster_of_another_area_cannot_be_joined(city, as_user, li):
    other = Cluster.objects.create(name="far", area=city.west, found_on=date(2022, 7, 1))
    from tongchou.staff.models import Post

    Post.objects.filter(user=city.wu).update(area=city.east, level=3)
    as_user(city.wu).post(reverse("cases:cluster", args=[li.pk]), {"cluster-cluster": other.pk})
    assert Case.objects.get(pk=li.pk).cluster is None


def test_clusters_are_listed_with_their_numbers_and_closed(city, as_user, li):
    group = grouping.found(
        name="Fish market",
        area=city.east,
        found_on=date(2022, 7, 1),
        cases=[li],
        by=None,
        now=city.at(),
    )
    client = as_user(city.wu)
    (row,) = client.get(reverse("cases:clusters")).context["page"].rows
    assert row.n_cases == 1
    client.post(reverse("cases:close_cluster", args=[group.pk]))
    assert Cluster.objects.get().closed_on == date(2022, 7, 1)
    response = client.post(reverse("cases:close_cluster", args=[group.pk]))
    assert any("already" in text for text in said(response))


def test_the_chains_say_who_may_have_infected_whom(city, as_user, li, reported):
    infectee = reported()
    linking.set_transmissions(
        infectee=infectee, rows=[(li, 0.6)], method="reported", by=None, now=city.at()
    )
    client = as_user(city.wu)
    html = client.get(reverse("cases:chains", args=[infectee.pk])).content.decode()
    assert li.number in html and "60 of 100" in html and "40%" in html
    html = client.get(reverse("cases:chains", args=[li.pk])).content.decode()
    assert infectee.number in html


def test_chains_are_weighed_anew_in_place(city, as_user, li):
    response = as_user(city.wu).post(
        reverse("cases:chains", args=[li.pk]), headers={"HX-Request": "true"}
    )
    assert "100 of 100" in response.content.decode()


def test_a_disease_the_playbook_lacks_is_told(city, as_user, reported):
    case = reported(disease="measles")
    response = as_user(city.wu).post(reverse("cases:chains", args=[case.pk]))
    assert "measles" in response.content.decode()


def test_who_only_looks_does_not_weigh(city, as_user, li):
    assert as_user(city.zhao).post(reverse("cases:chains", args=[li.pk])).status_code == 403


def test_the_graph_has_its_numbers_as_a_table(city, as_user, li, reported):
    linking.set_transmissions(
        infectee=li, rows=[(reported(), 0.4), (None, 0.6)], method="m", by=None, now=city.at()
    )
    linking.set_transmissions(
        infectee=reported(), rows=[(li, 0.9)], method="m", by=None, now=city.at()
    )
    response = as_user(city.wu).get(reverse("cases:graph", args=[li.pk]))
    html = response.content.decode()
    assert "contact-graph" in html and "<table" in html


def test_other_desks_show_their_panels_on_the_page(city, as_user, li):
    panels.register("Clusters", "cases:chains", order=1)
    try:
        assert ("Clusters", reverse("cases:chains", args=[li.pk])) in panels.of(li.pk)
        assert as_user(city.wu).get(page(li)).context["panels"]
    finally:
        panels.forget("cases:chains")


def test_a_panel_without_a_page_is_left_out(li):
    panels.register("Ghost", "nowhere:panel")
    try:
        assert all(label != "Ghost" for label, _url in panels.of(li.pk))
    finally:
        panels.forget("nowhere:panel")


def upload(client, case, content, kind="laboratory"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("李某某.pdf", content)
    return client.post(
        reverse("cases:add_document", args=[case.pk]),
        {"document-kind": kind, "document-file": file},
    )


def test_a_document_is_added_and_read(city, as_user, li):
    client = as_user(city.lin)
    upload(client, li, b"%PDF-1.7 x")
    document = Document.objects.get()
    response = client.get(reverse("cases:read_document", args=[li.pk, document.pk]))
    assert response.content == b"%PDF-1.7 x"
    assert "李" not in response["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="document.read", actor="lin").exists()


def test_a_file_that_is_not_taken_is_told(city, as_user, li):
    response = upload(as_user(city.lin), li, b"<html>")
    assert any("PDF" in text for text in said(response))


def test_who_does_not_treat_or_trace_reads_no_documents(city, as_user, li):
    document = documents.add(
        case=li, kind="laboratory", content=b"%PDF-1", by=city.lin, now=city.at()
    )
    client = as_user(city.zhao)
    url = reverse("cases:read_document", args=[li.pk, document.pk])
    assert client.get(url).status_code == 403
    assert client.get(page(li)).context["documents"] is None


def test_my_turn_signs_what_needs_no_more_than_a_note(city, as_user, li, time_machine_at):
    actions.verify(case=li, by=city.qian, now=city.at(minutes=5))
    actions.admit(case=li, by=city.lin, now=city.at(minutes=10))
    time_machine_at(city.at(days=8))
    as_user(city.lin).post(
        reverse("ledger:hand_over", args=[li.passage_id]), {"leg": 3, "to": "recovered"}
    )
    li.refresh_from_db()
    assert (li.outcome, li.outcome_on) == ("recovered", date(2022, 7, 9))
