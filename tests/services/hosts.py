"""Several machines on one: network namespaces joined by a bridge, which nothing leaves.

Each host has an address, names of its own for the servers, and a cable that can be pulled. The
servers themselves listen at addresses of the bridge, where tests reach them too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Network, ip_network
from pathlib import Path

import psutil

from tests import network
from tests.services.processes import Unavailable, find_program, run

PREFIX = "whereas"
NAMES = Path("/etc/netns")
"""Where `ip netns exec` finds what a host has in place of the machine's own files in /etc."""


class Host:
    """One machine of the network; `enter` stands before a command that is to run there."""

    def __init__(self, namespace: str, cable: str, address: str) -> None:
        self.namespace = namespace
        self.address = address
        self.enter = (str(_program()), "netns", "exec", namespace)
        self._cable = cable

    def cut_off(self) -> None:
        """Pull the cable: what runs here goes on and reaches nobody."""
        ip("link", "set", self._cable, "down")

    def bring_back(self) -> None:
        ip("link", "set", self._cable, "up")


class Network:
    """A bridge and the hosts on it."""

    def __init__(self) -> None:
        self.subnet = _unused()
        self._bridge = f"{PREFIX}{os.getpid()}"
        self._names: dict[str, str] = {}
        self._hosts: list[Host] = []
        self._addresses = map(str, self.subnet.hosts())

    def host(self, name: str) -> Host:
        """A new machine, on which the servers have the names that `name` gave them."""
        namespace = f"{self._bridge}-{name}"
        cable = f"w{os.getpid()}-{len(self._hosts)}"
        ip("netns", "add", namespace)
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        ip("link", "set", cable, "master", self._bridge, "up")
        made = Host(namespace, cable, next(self._addresses))
        within = ("-n", namespace)
        ip(*within, "address", "add", f"{made.address}/{self.subnet.prefixlen}", "dev", "eth0")
        ip(*within, "link", "set", "eth0", "up")
        ip(*within, "link", "set", "lo", "up")
        self._hosts.append(made)
        self._write_names()
        return made

    def address(self) -> str:
        """A new address at which a server of this machine may listen."""
        new = next(self._addresses)
        ip("address", "add", f"{new}/{self.subnet.prefixlen}", "dev", self._bridge)
        return new

    def name(self, name: str, address: str) -> None:
        """Let a name lead there from now on, on every host."""
        self._names[name] = address
        self._write_names()

    def _write_names(self) -> None:
        """In place, for the hosts look at these very files."""
        lines = ["127.0.0.1 localhost", *(f"{at} {name}" for name, at in self._names.items())]
        for host in self._hosts:
            folder = NAMES / host.namespace
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "hosts").write_text("\n".join(lines) + "\n")

    def _open(self) -> None:
        try:
            ip("link", "add", self._bridge, "type", "bridge")
            ip("link", "set", self._bridge, "up")
            ip("netns", "add", f"{self._bridge}-try")
            ip("netns", "delete", f"{self._bridge}-try")
        except RuntimeError as refused:
            _remove(self._bridge)
            raise Unavailable(
                f"This test needs network namespaces: run it as root where the system allows them. "
                f"{refused}"
            ) from None

    def _close(self) -> None:
        _remove(self._bridge)


@contextmanager
def opened() -> Iterator[Network]:
    """A network without hosts; with the block it ends, and those that killed runs left behind."""
    _remove_left_behind()
    made = Network()
    made._open()
    try:
        with network.admitted(made.subnet):
            yield made
    finally:
        made._close()


def ip(*arguments: str) -> None:
    """Run iproute2's `ip`; its output is the message when it fails."""
    run([str(_program()), *arguments])


def find_binary() -> Path | None:
    return find_program(["ip"], [Path("/usr/sbin"), Path("/sbin")])


def _program() -> Path:
    found = find_binary()
    if found is None:
        raise Unavailable("This test needs iproute2: install it, or run `make provision`.")
    return found


def _unused() -> IPv4Network:
    """A private range in which this machine has no address."""
    known = {each.address for found in psutil.net_if_addrs().values() for each in found}
    for nth in range(256):
        subnet = ip_network(f"10.213.{(os.getpid() + nth) % 256}.0/24")
        if not any(at.startswith(str(subnet.network_address)[:-1]) for at in known):
            return subnet
    raise Unavailable("This test needs a private range, and all of 10.213.0.0/16 are in use.")


def _namespaces() -> list[str]:
    listed = subprocess.run(
        [_program(), "netns", "list"], stdout=subprocess.PIPE, text=True, check=True
    )
    return [line.split()[0] for line in listed.stdout.splitlines() if line.strip()]


def _remove(bridge: str) -> None:
    """Take away a bridge with its hosts, as far as they are there."""
    for namespace in _namespaces():
        if namespace.startswith(f"{bridge}-"):
            ip("netns", "delete", namespace)
            shutil.rmtree(NAMES / namespace, ignore_errors=True)
    with suppress(OSError):
        NAMES.rmdir()  # stays while others use it
    if bridge in psutil.net_if_addrs() or Path(f"/sys/class/net/{bridge}").exists():
        ip("link", "delete", bridge)


def _remove_left_behind() -> None:
    for folder in Path("/sys/class/net").glob(f"{PREFIX}[0-9]*"):
        pid = folder.name.removeprefix(PREFIX)
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            _remove(folder.name)
