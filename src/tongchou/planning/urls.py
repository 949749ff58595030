from django.urls import path

from tongchou.planning.views import desk, forecasts, plans, scenarios, studies

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
    path("studies/<int:pk>/map/", studies.playback, name="map"),
    path("studies/<int:pk>/export/", studies.as_file, name="export"),
    path("studies/<int:pk>/plans/<int:number>/", plans.plan, name="plan"),
    path("studies/<int:pk>/plans/<int:number>/playbook/", plans.playbook_text, name="plan_text"),
    path("studies/<int:pk>/plans/<int:number>/propose/", plans.propose, name="propose"),
    path("compare/", plans.compare, name="compare"),
    path("forecasts/", forecasts.forecasts, name="forecasts"),
]
