from django.urls import path

from tongchou.people import views

app_name = "people"

urlpatterns = [
    path("", views.look_up, name="look_up"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/judge/", views.judge, name="judge"),
    path("duplicates/<key:pk>/undo/", views.undo, name="undo"),
    path("disclosures/", views.disclosures, name="disclosures"),
    path("<str:key>/", views.person, name="person"),
    path("<str:key>/reveal/", views.reveal, name="reveal"),
    path("<str:key>/correct/", views.correct, name="correct"),
]
