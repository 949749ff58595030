"""`tongchou playbook show`, as the table of verbs finds it."""

from tongchou.site.playbook_cli import show as run
from tongchou.site.playbook_cli import show_arguments as arguments

__all__ = ["arguments", "run"]
