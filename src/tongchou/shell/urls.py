"""Addresses of the shell; the site includes them under `shell/`."""

from django.urls import path

from tongchou.shell import views

app_name = "shell"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("gallery", views.gallery, name="gallery"),
]
