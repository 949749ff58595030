from django.urls import path

from tongchou.areas import views

app_name = "areas"

urlpatterns = [
    path("", views.tree, name="tree"),
    path("places/", views.places, name="places"),
    path("places/add/", views.add_place, name="add_place"),
    path("places/<key:pk>/", views.edit_place, name="edit_place"),
    path("<str:code>/", views.area, name="area"),
    path("<str:code>/counts/", views.counts, name="counts"),
    path("<str:code>/parts/", views.branch, name="branch"),
]
