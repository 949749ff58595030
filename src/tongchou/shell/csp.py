"""The content security policy of every page: nothing inline, nothing from elsewhere.

`data:` images are the icons of the chart toolbar. Charts need no more than this: BokehJS writes
<style> elements, which `shell/chart.js` turns into constructed style sheets.
"""

import json

DIRECTIVES: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}

POLICY = "; ".join(f"{name} {' '.join(sources)}" for name, sources in DIRECTIVES.items())

#: htmx would otherwise write a <style> and evaluate attribute filters, both against the policy.
HTMX_CONFIG = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "selfRequestsOnly": True,
        "scrollBehavior": "instant",
        "historyCacheSize": 0,
    }
)
