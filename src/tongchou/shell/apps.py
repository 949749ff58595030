"""The shell as a Django app: it brings templates, tags, static files and two checks."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "tongchou.shell"
    label = "shell"

    def ready(self) -> None:
        from tongchou.shell import checks, converters  # noqa: F401  they register themselves
