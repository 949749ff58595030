from django.urls import path

from tongchou.cases import views

app_name = "cases"

urlpatterns = [
    path("", views.cases, name="list"),
    path("report/", views.report, name="report"),
    path("export/", views.export_cases, name="export"),
    path("areas/", views.areas, name="areas"),
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<key:pk>/close/", views.close_cluster, name="close_cluster"),
    path("passage/<key:pk>/", views.by_passage, name="by_passage"),
    path("<key:pk>/", views.case, name="case"),
    path("<key:pk>/act/<slug:to>/", views.act, name="act"),
    path("<key:pk>/classify/", views.classify, name="classify"),
    path("<key:pk>/correct/", views.correct, name="correct"),
    path("<key:pk>/move/", views.move, name="move"),
    path("<key:pk>/cluster/", views.cluster, name="cluster"),
    path("<key:pk>/graph/", views.graph, name="graph"),
    path("<key:pk>/chains/", views.chains, name="chains"),
    path("<key:pk>/documents/", views.add_document, name="add_document"),
    path("<key:pk>/documents/<key:document>/", views.read_document, name="read_document"),
]
