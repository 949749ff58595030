"""Static files out of wheels: BokehJS is served from here, so no page ever needs a CDN."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

#: Only what `shell/chart.js` loads; the wheel's folder holds 30 MB of other builds.
BOKEH_FILES = ("js/bokeh.min.js",)


def bokeh_folder() -> Path:
    """Where the wheel keeps its static files; found without importing bokeh (0.4 s)."""
    spec = find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise LookupError("bokeh is not installed; charts cannot be served")
    return Path(spec.origin).parent / "server" / "static"


class BokehFinder(BaseFinder):
    """Serves `bokeh/js/bokeh.min.js`."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=str(bokeh_folder()))
        self.storage.prefix = "bokeh"  # type: ignore[attr-defined]  # read by collectstatic

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        prefix, _, name = path.partition("/")
        found = self.storage.path(name) if prefix == "bokeh" and name in BOKEH_FILES else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for name in BOKEH_FILES:
            yield name, self.storage
