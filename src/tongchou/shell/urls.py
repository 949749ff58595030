"""Addresses of the shell; the site includes them as `path("shell/", include("tongchou.shell.urls"))`."""

from django.urls import path

from tongchou.shell import views

app_name = "shell"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("gallery", views.gallery, name="gallery"),
]
