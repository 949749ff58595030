"""Lets a wheel carry the compiled translations, which are not committed."""

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in Path(self.root, "src", "tongchou").glob("*/locale/*/LC_MESSAGES/django.po"):
            polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
