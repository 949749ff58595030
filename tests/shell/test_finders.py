"""Static files that come out of wheels."""

import os
import subprocess
import sys

import pytest
from django.contrib.staticfiles import finders

from tongchou.shell.finders import BokehFinder


def test_bokehjs_is_served_from_its_wheel() -> None:
    found = finders.find("bokeh/js/bokeh.min.js")
    assert found and str(found).endswith("bokeh.min.js")


def test_nothing_else_of_the_wheel_is_served() -> None:
    assert BokehFinder().find("bokeh/js/bokeh-gl.min.js") is None
    assert BokehFinder().find("bokeh/../../__init__.py", find_all=True) == []


def test_collecting_finds_the_same_file() -> None:
    [(name, storage)] = BokehFinder().list(None)
    assert storage.prefix == "bokeh" and storage.exists(name)


@pytest.mark.parametrize("module", ["tongchou.shell.charts", "tongchou.shell.finders"])
def test_bokeh_is_not_imported_at_the_start(module: str) -> None:
    code = f"import sys, {module}; sys.exit('bokeh' in sys.modules)"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=env).returncode == 0
