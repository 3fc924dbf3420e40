"""Fetch what the tests need and pip cannot bring: a browser, smtp-sink, and iproute2.

`make test` runs this each time; it does nothing when all are there. What cannot be had is said,
and then the tests that need it fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.services import chromium, hosts, smtp_sink
from tests.services.processes import finds_libraries

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def main() -> int:
    driver = chromium.driver()
    if driver and not finds_libraries(driver) and may_install():
        say("Installing a library that Playwright needs")
        update_packages()
        attempt("apt-get", "install", "-y", "-qq", "libatomic1")
    if chromium.find() is None:
        get_chromium()
    sink = smtp_sink.find_binary()
    if sink is None or not smtp_sink.works(sink):
        get_smtp_sink()
    if hosts.find_binary() is None:
        get_iproute2()
    return 0


def get_chromium() -> None:
    say("Installing Chromium for the tests")
    if may_install():
        update_packages()
        attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    if chromium.find() is None:
        attempt(sys.executable, "-m", "playwright", "install", "chromium")
    if chromium.find() is None:
        say("There is no browser here and none could be installed; tests that need one will fail.")


def get_smtp_sink() -> None:
    """Unpack Postfix's package without installing it; its libraries are installed where needed."""
    if shutil.which("apt-get"):
        say("Unpacking smtp-sink for the tests")
        if may_install():
            update_packages()
        folder = smtp_sink.UNPACKED
        folder.mkdir(parents=True, exist_ok=True)
        attempt("apt-get", "download", "-qq", "postfix", folder=folder)
        for package in folder.glob("postfix_*.deb"):
            attempt("dpkg-deb", "-x", str(package), str(folder))
            binary = smtp_sink.find_binary()
            if binary and not smtp_sink.works(binary) and may_install():
                attempt("apt-get", "install", "-y", "-qq", *libraries_of(package))
            package.unlink()
    binary = smtp_sink.find_binary()
    if binary is None or not smtp_sink.works(binary):
        say("There is no smtp-sink here and none could be fetched; tests that need it will fail.")


def get_iproute2() -> None:
    say("Installing iproute2 for the tests")
    if may_install():
        update_packages()
        attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", "iproute2")
    if hosts.find_binary() is None:
        say("There is no iproute2 here and it could not be installed; tests of hosts will fail.")


def libraries_of(package: Path) -> list[str]:
    """The libraries that a Debian package depends on, by name."""
    fields = subprocess.run(
        ["dpkg-deb", "-f", package, "Depends"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    names = [part.strip().split(" ")[0] for part in fields.split(",")]
    return [name for name in names if name.startswith("lib")]


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def update_packages() -> None:
    attempt("apt-get", "update", "-qq")


def attempt(*command: str, folder: Path | None = None) -> None:
    """Run a command; when it fails its output is shown and the work goes on."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | QUIET,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say(f"{' '.join(command)} failed:\n{done.stdout}")


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main())
