from django.urls import path

from tongchou.tracing.views import contacts, crossings, desk, found, investigation, itinerary

app_name = "tracing"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("contacts/", desk.contacts, name="contacts"),
    path("contacts/export/", desk.export_contacts, name="export"),
    path("contacts/act/", desk.act_on_many, name="act_on_many"),
    path("contacts/template/", contacts.paste_template, name="paste_template"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/act/<slug:to>/", contacts.act, name="contact_act"),
    path("contacts/<int:pk>/tier/", contacts.set_tier, name="set_tier"),
    path("contacts/<int:pk>/move/", contacts.move, name="contact_move"),
    path("contact-passage/<int:pk>/", contacts.by_passage, name="contact_by_passage"),
    path("not-found/", desk.not_found, name="not_found"),
    path("checks/", desk.list_checks, name="checks"),
    path("investigations/<int:pk>/", investigation.investigation, name="investigation"),
    path("investigations/<int:pk>/take/", investigation.take, name="take"),
    path("investigations/<int:pk>/facts/", investigation.core_facts, name="core_facts"),
    path("investigations/<int:pk>/report/", investigation.submit, name="submit"),
    path("investigations/<int:pk>/act/<slug:to>/", investigation.act, name="investigation_act"),
    path("investigations/<int:pk>/itinerary/", itinerary.itinerary, name="itinerary"),
    path("investigations/<int:pk>/text/", itinerary.read_text, name="read_text"),
    path("investigations/<int:pk>/stays/", itinerary.add_stay, name="add_stay"),
    path("investigations/<int:pk>/stays/<int:stay>/", itinerary.change_stay, name="change_stay"),
    path(
        "investigations/<int:pk>/stays/<int:stay>/remove/",
        itinerary.remove_stay,
        name="remove_stay",
    ),
    path(
        "investigations/<int:pk>/stays/<int:stay>/back/",
        itinerary.restore_stay,
        name="restore_stay",
    ),
    path(
        "investigation-passage/<int:pk>/",
        investigation.by_passage,
        name="investigation_by_passage",
    ),
    path("cases/<int:case>/found/", found.found_panel, name="found_panel"),
    path("cases/<int:case>/ask/", found.ask, name="ask"),
    path("asked/<int:pk>/", found.answer, name="answer"),
    path("asked/<int:pk>/list/", found.list_found, name="list_found"),
    path("crossings/", crossings.choose, name="crossings"),
    path("crossed/<int:pk>/", crossings.crossed, name="crossed"),
    path("crossed/<int:pk>/visitors/", crossings.ask_visitors, name="ask_visitors"),
    path("crossed/<int:pk>/list/", crossings.list_visitors, name="list_visitors"),
    path("visits/", found.sources, name="sources"),
    path("visits/<int:pk>/end/", found.end_source, name="end_source"),
    path("cases/<int:case>/list/", contacts.list_one, name="list_one"),
    path("cases/<int:case>/paste/", contacts.paste, name="paste"),
    path("cases/<int:case>/itinerary/", investigation.itinerary_panel, name="itinerary_panel"),
    path("cases/<int:case>/contacts/", investigation.contacts_panel, name="contacts_panel"),
]
