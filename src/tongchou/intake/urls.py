from django.urls import path

from tongchou.intake import views

app_name = "intake"

urlpatterns = [
    path("", views.history, name="history"),
    path("new/", views.upload, name="upload"),
    path("template/<str:name>", views.template_file, name="template"),
    path("<key:pk>/", views.one, name="one"),
    path("<key:pk>/progress/", views.progress, name="progress"),
    path("<key:pk>/queue/", views.queue, name="queue"),
    path("<key:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<key:pk>/refused/", views.refused_rows, name="refused"),
    path("<key:pk>/accept/<key:refusal>/", views.accept, name="accept"),
]
