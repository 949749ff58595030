from django.urls import path

from tongchou.reports.views import desk, duties, register, report, rows, signing

app_name = "reports"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("export/", desk.as_file, name="export"),
    path("hours/", duties.hours, name="hours"),
    path("hours/<key:pk>/end/", duties.end, name="end_duty"),
    path("catalogue/", register.catalogue_page, name="catalogue"),
    path("register/", register.listed, name="register"),
    path("register/new/", register.ask, name="ask"),
    path("register/export/", register.as_file, name="export_register"),
    path("register/<key:pk>/", register.one, name="request"),
    path("register/<key:pk>/answer/", register.answer, name="answer"),
    path("register/passage/<key:pk>/", register.by_passage, name="request_by_passage"),
    path("rows/<str:key>/", rows.rows, name="rows"),
    path("passage/<key:pk>/", report.by_passage, name="by_passage"),
    path("<key:pk>/", report.report, name="report"),
    path("<key:pk>/file/<slug:kind>/", report.as_file, name="file"),
    path("<key:pk>/since/", report.since, name="since"),
    path("<key:pk>/edit/", signing.edit, name="edit"),
    path("<key:pk>/sign/", signing.sign, name="sign"),
    path("<key:pk>/again/", signing.lay_anew, name="lay_anew"),
    path("<key:pk>/receive/", signing.receive, name="receive"),
    path("<key:pk>/return/", signing.send_back, name="send_back"),
    path("<key:pk>/excuse/", signing.excuse, name="excuse"),
    path("<key:pk>/correct/", signing.correct, name="correct"),
]
