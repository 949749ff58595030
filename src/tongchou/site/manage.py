"""`tongchou manage …`: any command of Django's on an instance, for developers."""

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("command", nargs=argparse.REMAINDER, help="for example: shell")


def run(options: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tongchou manage", *options.command])
    return 0
