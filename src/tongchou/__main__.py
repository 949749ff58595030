"""`python -m tongchou` is the same as the installed command `tongchou`."""

import sys

from tongchou.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
