"""`tongchou playbook check`, as the table of verbs finds it."""

from tongchou.site.playbook_cli import check as run
from tongchou.site.playbook_cli import check_arguments as arguments

__all__ = ["arguments", "run"]
