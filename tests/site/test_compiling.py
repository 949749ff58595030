"""A start on a machine that writes no bytecode compiles the libraries for the next one."""

import sys
from pathlib import Path


def test_only_libraries_of_this_environment_are_compiled(root: Path) -> None:
    from tongchou.site import compiling

    assert all(Path(file).is_relative_to(sys.prefix) for file in compiling.missing())


def test_what_is_missing_is_written_beside_its_file(tmp_path: Path) -> None:
    from tongchou.site import compiling

    library = tmp_path / "library.py"
    library.write_text("ANSWER = 42\n")
    compiling._compile([str(library)])
    assert list((tmp_path / "__pycache__").glob("library.*.pyc"))
