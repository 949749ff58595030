"""Which numbers a file has had so far, and in which line: exact, and no burden on memory.

A SQLite database without a name lives in a temporary file that nobody else can open, and goes with
the connection.
"""

import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """Words that were met, by group (numbers, documents)."""

    def __init__(self) -> None:
        self.database = sqlite3.connect("", check_same_thread=False)
        self.database.execute("PRAGMA cache_size = -4096")
        self.database.execute(
            "CREATE TABLE seen (group_ TEXT, word TEXT, line INTEGER, PRIMARY KEY (group_, word))"
            " WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    def line(self, group: str, word: str) -> int | None:
        """The line in which `word` was met first, if it was."""
        row = self.database.execute(
            "SELECT line FROM seen WHERE group_ = ? AND word = ?", (group, word)
        ).fetchone()
        return row[0] if row else None

    def add(self, group: str, word: str, line: int) -> int | None:
        """Remember a word; where it was met before, the line in which."""
        new = self.database.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (group, word, line)
        )
        return None if new.rowcount else self.line(group, word)

    def among(self, group: str, words: list[str]) -> set[str]:
        """Those of `words` that were met."""
        return {word for word in words if self.line(group, word) is not None}
