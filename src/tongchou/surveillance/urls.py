from django.urls import path

from tongchou.surveillance.views import (
    desk,
    leads,
    senders,
    sentinels,
    signals,
    silences,
    situation,
    thresholds,
)

app_name = "surveillance"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("signals/", signals.signals, name="signals"),
    path("signals/export/", signals.export_signals, name="export_signals"),
    path("signals/<int:pk>/", signals.signal, name="signal"),
    path("signals/<int:pk>/act/<slug:to>/", signals.act, name="signal_act"),
    path("signal-passage/<int:pk>/", signals.by_passage, name="signal_by_passage"),
    path("silences/", silences.silences, name="silences"),
    path("silences/<int:pk>/", silences.silence, name="silence"),
    path("silences/<int:pk>/excuse/", silences.excuse, name="excuse"),
    path("silence-passage/<int:pk>/", silences.by_passage, name="silence_by_passage"),
    path("sentinels/", sentinels.sentinels, name="sentinels"),
    path("sentinels/add/", sentinels.add, name="add_site"),
    path("counts/", sentinels.enter, name="enter"),
    path("counts/<int:pk>/store/", sentinels.store, name="store"),
    path("counts/upload/", sentinels.upload, name="upload"),
    path("senders/", senders.senders, name="senders"),
    path("senders/<int:pk>/end/", senders.end, name="end_sender"),
    path("channels/", situation.channels, name="channels"),
    path("map/", situation.evidence, name="evidence"),
    path("situation/", situation.situation, name="situation"),
    path("brief/", situation.morning_brief, name="brief"),
    path("changes/", situation.changes, name="changes"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("thresholds/set/", thresholds.set_threshold, name="set_threshold"),
    path("leads/", leads.leads, name="leads"),
    path("leads/note/<slug:kind>/", leads.note, name="note"),
    path("leads/paste/<slug:kind>/", leads.paste, name="paste_leads"),
    path("leads/<int:pk>/", leads.lead, name="lead"),
    path("leads/<int:pk>/act/<slug:to>/", leads.act, name="lead_act"),
    path("lead-passage/<int:pk>/", leads.by_passage, name="lead_by_passage"),
]
