from django.urls import path

from tongchou.quarantine.views import desk, notice, rounds, stay

app_name = "quarantine"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("changes/", desk.changes, name="changes"),
    path("appeals/", desk.appeals, name="appeals"),
    path("sites/<key:pk>/", desk.site, name="site"),
    path("receive/", rounds.receive_many, name="receive_many"),
    path("tests/", rounds.record_tests, name="record_tests"),
    path("checks/", rounds.record_checks, name="record_checks"),
    path("release/", rounds.release_many, name="release_many"),
    path("home/", rounds.move_home_many, name="move_home_many"),
    path("stays/<key:pk>/", stay.stay, name="stay"),
    path("stays/<key:pk>/act/<slug:to>/", stay.act, name="act"),
    path("stays/<key:pk>/assign/", stay.assign, name="assign"),
    path("stays/<key:pk>/propose/<slug:kind>/", stay.propose, name="propose"),
    path("stays/<key:pk>/changes/<key:change>/", stay.decide_change, name="decide_change"),
    path("stays/<key:pk>/tests/<key:test>/", stay.record_test, name="record_test"),
    path("stays/<key:pk>/check/", stay.record_check, name="record_check"),
    path("stays/<key:pk>/appeal/", stay.appeal, name="appeal"),
    path("stays/<key:pk>/appeals/<key:appeal>/", stay.decide_appeal, name="decide_appeal"),
    path("passage/<key:pk>/", stay.by_passage, name="stay_by_passage"),
    path("notice/<str:token>/", notice.notice, name="notice"),
]
