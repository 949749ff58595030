"""A loop as a Markdown table and as a Mermaid diagram, for the handbook."""

from collections.abc import Callable
from datetime import timedelta

from tongchou.loops.definition import Loop

Allowance = Callable[[str, str], timedelta]


def as_table(loop: Loop, allowed: Allowance) -> str:
    """The loop as Markdown; `allowed(stage, tempo)` gives the time each owner has."""
    head = "| stage | owner | received by | peace | war | then |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {row.stage}{' (holds the person)' if row.custody else ''} | {row.owner} | {row.signer} "
        f"| {short(allowed(row.stage, 'peace'))} | {short(allowed(row.stage, 'war'))} "
        f"| {', '.join(row.to)} |"
        for row in loop
    )


def as_diagram(loop: Loop) -> str:
    """The loop as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {loop.start}"]
    lines += [f"    {row.stage} --> {target}" for row in loop for target in row.to]
    lines += [f"    {end} --> [*]" for end in sorted(loop.ends)]
    return "\n".join(lines)


def short(span: timedelta) -> str:
    """A time span as people at a desk write it: `45m`, `2h`, `7d`."""
    minutes = int(span.total_seconds() // 60)
    if minutes % (24 * 60) == 0 and minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
