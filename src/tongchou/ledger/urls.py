from django.urls import path

from tongchou.ledger import views

app_name = "ledger"

urlpatterns = [
    path("my-turn/", views.my_turn, name="my_turn"),
    path("my-turn/receive/", views.my_turn, {"tab": "receive"}, name="to_receive"),
    path("my-turn/gaps/", views.my_turn, {"tab": "gaps"}, name="my_gaps"),
    path("passages/<key:pk>/", views.passage, name="passage"),
    path("passages/<key:pk>/timeline/", views.timeline, name="timeline"),
    path("passages/<key:pk>/hand-over/", views.hand_over, name="hand_over"),
]
