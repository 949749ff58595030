"""The door for a web server: granian, gunicorn or any other that speaks WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.settings")
application = get_wsgi_application()
