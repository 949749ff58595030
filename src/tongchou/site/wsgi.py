"""The door for a web server: granian, gunicorn or any other that speaks WSGI."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.settings")
application = get_wsgi_application()

from tongchou.shell import charts  # noqa: E402  needs the settings above
from tongchou.tracing import visits  # noqa: E402


def _warm() -> None:
    """Bokeh and the kernels of tracing take seconds to import: done while nobody waits."""
    charts.warm()
    visits.warm()


_warming = threading.Timer(5, _warm)
_warming.daemon = True
_warming.start()
