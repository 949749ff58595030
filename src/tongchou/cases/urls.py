from django.urls import path

from tongchou.cases import views

app_name = "cases"

urlpatterns = [
    path("", views.cases, name="list"),
    path("report/", views.report, name="report"),
    path("export/", views.export_cases, name="export"),
    path("areas/", views.areas, name="areas"),
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<int:pk>/close/", views.close_cluster, name="close_cluster"),
    path("passage/<int:pk>/", views.by_passage, name="by_passage"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/act/<slug:to>/", views.act, name="act"),
    path("<int:pk>/classify/", views.classify, name="classify"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/cluster/", views.cluster, name="cluster"),
    path("<int:pk>/graph/", views.graph, name="graph"),
    path("<int:pk>/chains/", views.chains, name="chains"),
    path("<int:pk>/documents/", views.add_document, name="add_document"),
    path("<int:pk>/documents/<int:document>/", views.read_document, name="read_document"),
]
