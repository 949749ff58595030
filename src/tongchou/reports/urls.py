from django.urls import path

from tongchou.reports.views import desk, duties, register, report, rows, signing

app_name = "reports"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("export/", desk.as_file, name="export"),
    path("hours/", duties.hours, name="hours"),
    path("hours/<int:pk>/end/", duties.end, name="end_duty"),
    path("catalogue/", register.catalogue_page, name="catalogue"),
    path("register/", register.listed, name="register"),
    path("register/new/", register.ask, name="ask"),
    path("register/export/", register.as_file, name="export_register"),
    path("register/<int:pk>/", register.one, name="request"),
    path("register/<int:pk>/answer/", register.answer, name="answer"),
    path("register/passage/<int:pk>/", register.by_passage, name="request_by_passage"),
    path("rows/<str:key>/", rows.rows, name="rows"),
    path("passage/<int:pk>/", report.by_passage, name="by_passage"),
    path("<int:pk>/", report.report, name="report"),
    path("<int:pk>/file/<slug:kind>/", report.as_file, name="file"),
    path("<int:pk>/since/", report.since, name="since"),
    path("<int:pk>/edit/", signing.edit, name="edit"),
    path("<int:pk>/sign/", signing.sign, name="sign"),
    path("<int:pk>/again/", signing.lay_anew, name="lay_anew"),
    path("<int:pk>/receive/", signing.receive, name="receive"),
    path("<int:pk>/return/", signing.send_back, name="send_back"),
    path("<int:pk>/excuse/", signing.excuse, name="excuse"),
    path("<int:pk>/correct/", signing.correct, name="correct"),
]
