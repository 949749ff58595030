"""Where the checkout is, for the verbs that make no sense in an installed package."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def need_checkout(verb: str) -> None:
    """Stop with a word of advice outside a checkout."""
    from tongchou.site.cli import Wrong

    if not (ROOT / "requirements-dev.txt").exists():
        raise Wrong(f"`{verb}` works in a checkout: ./tongchou {verb}")
