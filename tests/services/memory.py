"""Where the files of a run lie: in memory where there is room, for the tests write gigabytes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PLACE = Path("/dev/shm")  # noqa: S108
ROOM = 4 * 1024**3
"""Ten times what a run needs at once."""


def use_for_files() -> None:
    """Let this process and those that it starts make temporary files in memory.

    TMPDIR decides where it is given. Some containers have little room there, and some allow no
    programs, of which the servers' are copied where nobody else can reach them.
    """
    if "TMPDIR" in os.environ or not PLACE.is_dir():
        return
    there = os.statvfs(PLACE)
    if there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(PLACE)
        tempfile.tempdir = None
