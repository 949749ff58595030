"""The door for a web server: granian, gunicorn or any other that speaks WSGI."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.settings")
application = get_wsgi_application()

from tongchou.shell import charts  # noqa: E402  needs the settings above

# Bokeh takes a second and a half to import: done while nobody waits, after the first pages.
_warming = threading.Timer(5, charts.warm)
_warming.daemon = True
_warming.start()
