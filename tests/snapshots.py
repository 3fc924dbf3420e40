"""Mails compared with files that people read when they review a change.

`WRITE_SNAPSHOTS=1` writes the files anew; the diff then shows what readers will see.
"""

from __future__ import annotations

import os
from pathlib import Path


def assert_same(text: str, file: Path) -> None:
    """The text is what the file holds; trailing spaces and empty lines at the end do not count."""
    tidy = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
    if os.environ.get("WRITE_SNAPSHOTS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(tidy)
    assert file.exists(), f"{file.name} is missing; WRITE_SNAPSHOTS=1 writes it"
    assert tidy == file.read_text()
