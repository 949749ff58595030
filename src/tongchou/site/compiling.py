"""Keeps the compiled form of the libraries, so that the next start does not compile them again.

`./tongchou` installs without compiling, because of what is installed half is never loaded. Python
then writes what it loads, unless the machine was told not to (PYTHONDONTWRITEBYTECODE, as many
containers are): every start would take a second longer. The checkout itself is left as it is.
"""

import subprocess
import sys
import threading
from pathlib import Path


def in_background() -> None:
    """Compile the libraries that are loaded now, in a process of its own; nothing waits for it."""
    files = missing()
    if files:
        threading.Thread(target=_compile, args=(files,), daemon=True).start()


def missing() -> list[str]:
    """Files of loaded modules inside this environment that have no compiled form beside them."""
    found = []
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        origin, cached = getattr(spec, "origin", None), getattr(spec, "cached", None)
        if not origin or not cached or not Path(origin).is_relative_to(sys.prefix):
            continue
        if origin.endswith(".py") and not Path(cached).exists():
            found.append(origin)
    return found


def _compile(files: list[str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "-i", "-"],
        input="\n".join(files),
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
