from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tongchou.records"
    label = "records"
