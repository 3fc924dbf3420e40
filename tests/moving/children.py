"""Commands in a process of their own: to be killed, to run side by side, to meet a full disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

NO_ROOM = "could not be used: disk I/O error. Nothing is half done"
"""What SQLite makes of a file that must not grow."""
READY = """import sys
from app import create_app
app = create_app()
with app.app_context():
    {load}
    print("ready", flush=True)
    {act}
"""


def killed(settings: Mapping[str, str], load: str, act: str, seconds: float) -> None:
    """Let a process do `act`, and kill it so many seconds after it began."""
    child = subprocess.Popen(
        [sys.executable, "-c", READY.format(load=load, act=act)],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()


def started(settings: Mapping[str, str], *command: str) -> subprocess.Popen[str]:
    """`flask …` in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *command],
        env=os.environ | settings | {"FLASK_APP": "wsgi"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def on_a_full_disk(
    settings: Mapping[str, str], free: int, command: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """`flask …` where no file may grow beyond so many bytes, which is as if the disk were full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))

    return subprocess.run(
        [sys.executable, "-m", "flask", *command],
        env=os.environ | settings | {"FLASK_APP": "wsgi"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
