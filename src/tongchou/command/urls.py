from django.urls import path

from tongchou.command.views import activation, audit, board, playbooks, room

app_name = "command"

urlpatterns = [
    path("", room.show, name="room"),
    path("situation/", room.show, name="situation"),
    path("area/<str:code>/", room.show, name="area"),
    path("area/<str:code>/fresh/", room.fresh, name="fresh"),
    path("area/<str:code>/activate/", activation.activate, name="activate"),
    path("area/<str:code>/activations/", activation.history, name="activations"),
    path("gaps/", board.show, name="gaps"),
    path("gaps/mine/", board.held, name="held"),
    path("gaps/<str:code>/", board.show, name="board"),
    path("gaps/<str:code>/export/", board.as_file, name="export_gaps"),
    path("playbooks/", playbooks.listed, name="playbooks"),
    path("playbooks/compare/", playbooks.compare, name="compare"),
    path("playbooks/propose/", playbooks.propose, name="propose"),
    path("playbooks/proposals/<key:pk>/", playbooks.proposal, name="proposal"),
    path("playbooks/proposals/<key:pk>/adopt/", playbooks.adopt, name="adopt"),
    path("playbooks/proposals/<key:pk>/withdraw/", playbooks.withdraw, name="withdraw"),
    path("playbooks/<str:ref>/", playbooks.show, name="playbook"),
    path("playbooks/<str:ref>/text/", playbooks.text, name="playbook_text"),
    path("audit/", audit.listed, name="audit"),
    path("audit/verify/", audit.verify, name="verify_audit"),
    path("audit/verify/progress/", audit.progress, name="verify_progress"),
]
