from django.urls import path

from tongchou.planning.views import desk, forecasts, plans, scenarios, studies

app_name = "planning"

urlpatterns = [
    path("", desk.studies, name="desk"),
    path("scenarios/", desk.scenarios, name="scenarios"),
    path("scenarios/new/", scenarios.build, name="build"),
    path("scenarios/new/text/", scenarios.as_text, name="as_text"),
    path("scenarios/<key:pk>/", scenarios.scenario, name="scenario"),
    path("scenarios/<key:pk>/ask/", scenarios.ask, name="ask"),
    path("studies/<key:pk>/", studies.study, name="study"),
    path("studies/<key:pk>/progress/", studies.progress, name="progress"),
    path("studies/<key:pk>/cancel/", studies.cancel, name="cancel"),
    path("studies/<key:pk>/map/", studies.playback, name="map"),
    path("studies/<key:pk>/export/", studies.as_file, name="export"),
    path("studies/<key:pk>/plans/<key:number>/", plans.plan, name="plan"),
    path("studies/<key:pk>/plans/<key:number>/playbook/", plans.playbook_text, name="plan_text"),
    path("studies/<key:pk>/plans/<key:number>/propose/", plans.propose, name="propose"),
    path("compare/", plans.compare, name="compare"),
    path("forecasts/", forecasts.forecasts, name="forecasts"),
]
