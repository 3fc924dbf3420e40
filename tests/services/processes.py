"""What all servers of the tests share: finding programs, users, ports and an end to waiting."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

LOOPBACK = "127.0.0.1"


class Unavailable(RuntimeError):
    """A test needs a program that this machine lacks; the message says which and what to do."""


def find_program(names: Iterable[str], folders: Iterable[Path] = ()) -> Path | None:
    """The first of `names` on PATH, else in one of `folders`."""
    search = os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])
    for name in names:
        found = shutil.which(name, path=search)
        if found:
            return Path(found)
    return None


def finds_libraries(program: Path, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a program finds all its libraries: the loader lists them in place of running it."""
    listed = subprocess.run(
        [program],
        env={**environment, "LD_TRACE_LOADED_OBJECTS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return listed.returncode == 0 and b"not found" not in listed.stdout


def package_folder(package: str) -> Path | None:
    """Where an installed package lies, without running any of its code."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def is_open(folder: Path) -> bool:
    """Whether the user that servers run as can read what is in `folder`."""
    if os.geteuid() != 0:
        return True
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (folder, *folder.parents))


def unprivileged() -> dict[str, Any]:
    """Arguments for `subprocess` that give up root, for servers that refuse it."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": nobody_group(), "extra_groups": []}


def nobody_group() -> int:
    """The group of the user nobody; its name differs between systems."""
    return pwd.getpwnam("nobody").pw_gid


def give_away(folder: Path) -> None:
    """Let an unprivileged server own `folder`; everything above it must be open to be passed."""
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", nobody_group())


def run(command: list[str], **options: Any) -> None:
    """Run a program to its end; its output is the message when it fails."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}")


def is_gone(process: psutil.Process) -> bool:
    """Whether it ended, be it collected by its parent or not."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Wait for `condition`, or fail saying what did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.02)
