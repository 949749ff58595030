"""`tongchou playbook diff`, as the table of verbs finds it."""

from tongchou.site.playbook_cli import diff as run
from tongchou.site.playbook_cli import diff_arguments as arguments

__all__ = ["arguments", "run"]
