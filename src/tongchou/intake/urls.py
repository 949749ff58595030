from django.urls import path

from tongchou.intake import views

app_name = "intake"

urlpatterns = [
    path("", views.history, name="history"),
    path("new/", views.upload, name="upload"),
    path("template/<str:name>", views.template_file, name="template"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/queue/", views.queue, name="queue"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/refused/", views.refused_rows, name="refused"),
    path("<int:pk>/accept/<int:refusal>/", views.accept, name="accept"),
]
