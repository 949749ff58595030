"""`/api/v1/`: one router a room, thin over the same actions and queries as the pages.

Loaded by the first request that comes for it: it costs a start half a second otherwise.
"""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import path
from ninja import NinjaAPI

from tongchou import __version__

api = NinjaAPI(
    title="Tongchou 统筹",
    version=__version__,
    description='Errors are answered as {"detail": what is wrong and how to mend it}.',
    docs_url=None,  # its page is full of inline scripts; /api/v1/openapi.json is read by any tool
    urls_namespace="api",
)
for room in settings.ROOMS:
    if find_spec(f"tongchou.{room}.api"):
        api.add_router("", import_module(f"tongchou.{room}.api").router)

urlpatterns = [path("api/v1/", api.urls)]
