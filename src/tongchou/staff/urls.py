from django.urls import path

from tongchou.staff import views

app_name = "staff"

urlpatterns = [
    path("who/", views.who, name="who"),
    path("who/<str:code>/", views.who, name="who_in"),
    path("who/<str:code>/export/", views.export_who, name="export_who"),
    path("here/<str:code>/", views.here, name="here"),
    path("posts/", views.posts, name="posts"),
    path("posts/assign/", views.assign, name="assign"),
    path("posts/<key:pk>/end/", views.end, name="end"),
    path("units/", views.units, name="units"),
    path("units/add/", views.add_unit, name="add_unit"),
    path("units/<key:pk>/", views.edit_unit, name="edit_unit"),
    path("users/", views.users, name="users"),
    path("users/add/", views.add_user, name="add_user"),
    path("users/<key:pk>/", views.user, name="user"),
    path("users/<key:pk>/password/", views.set_password, name="set_password"),
    path("users/<key:pk>/block/", views.block, name="block"),
    path("me/", views.profile, name="profile"),
]
