"""The door for a web server: granian, gunicorn or any other that speaks WSGI."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.settings")
gc.disable()  # as in `cli`: every page's code is imported here once, and stays
application = get_wsgi_application()

import tongchou.site.urls  # noqa: E402, F401  so that the first page does not wait for it
from tongchou.shell import charts  # noqa: E402  needs the settings above
from tongchou.site import compiling  # noqa: E402
from tongchou.surveillance import warming  # noqa: E402
from tongchou.tracing import visits  # noqa: E402

gc.freeze()
gc.enable()
compiling.in_background()


def _warm() -> None:
    """Bokeh and the kernels take seconds to import: done while nobody waits."""
    charts.warm()
    warming.warm()
    visits.warm()


_warming = threading.Timer(5, _warm)
_warming.daemon = True
_warming.start()
