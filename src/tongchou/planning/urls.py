from django.urls import path

from tongchou.planning.views import desk, scenarios, studies

app_name = "planning"

urlpatterns = [
    path("", desk.studies, name="desk"),
    path("scenarios/", desk.scenarios, name="scenarios"),
    path("scenarios/new/", scenarios.build, name="build"),
    path("scenarios/new/text/", scenarios.as_text, name="as_text"),
    path("scenarios/<int:pk>/", scenarios.scenario, name="scenario"),
    path("scenarios/<int:pk>/ask/", scenarios.ask, name="ask"),
    path("studies/<int:pk>/", studies.study, name="study"),
    path("studies/<int:pk>/progress/", studies.progress, name="progress"),
    path("studies/<int:pk>/cancel/", studies.cancel, name="cancel"),
]
