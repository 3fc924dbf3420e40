"""A large coalition's machines: two for the web, two of workers, one of the beat, and servers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.middleware.http_proxy import ProxyMiddleware
from werkzeug.test import Client, TestResponse

from app.foundation import edge, queue
from tests import databases
from tests.apps import Apps
from tests.faults.stage import Stage
from tests.services import hosts, postgres, redis_server
from tests.services.hosts import Host, Network
from tests.services.processes import wait_until
from tests.services.run import Run
from tests.services.smtp import SmtpServer
from tests.signing_in import csrf_token

PRODUCTION = {
    "WHEREAS_ENV": "production",
    "BASE_URL": "https://localhost",
    "SECRET_KEY": "for-several-hosts-of-one-coalition",
    "SITE_NAME": "Coalition for Justice",
    "POSTAL_ADDRESS": "1 Justice Plaza, New York, NY 10017",
    "PRIVACY_CONTACT": "privacy@example.org",
    "MAIL_DOMAIN": "example.org",
    "REPLY_TO": "staff@example.org",
    "TRUSTED_PROXIES": "1",
    "PASSWORD_MEMORY": "19",
}
PORT = 8000
PATIENCE = 60
START_SECONDS = 240
GUNICORN = ("gunicorn", "--workers", "2", "--no-control-socket")


class Visitor(Client):
    """A browser that reaches the site by way of one of its web hosts; cookies go to each."""

    def __init__(self, host: Host, address: str = "192.0.2.1") -> None:
        super().__init__(NotFound())
        self._address = address
        self.goes_to(host)

    def goes_to(self, host: Host) -> Visitor:
        """Let the proxy before the site choose this host from now on."""
        target = {
            "target": f"http://{host.address}:{PORT}",
            "host": None,
            "headers": {"X-Forwarded-For": self._address, "X-Forwarded-Proto": "https"},
        }
        proxy = ProxyMiddleware(NotFound(), {"site": target}, timeout=PATIENCE)
        options = proxy.targets["/site/"]
        self.application = lambda environ, start: proxy.proxy_to(options, environ["PATH_INFO"], "")(
            environ, start
        )
        return self

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, base_url=PRODUCTION["BASE_URL"], **more)

    def send(self, path: str, form: dict[str, Any]) -> TestResponse:
        """Post a form with the token that this browser's forms carry."""
        token = csrf_token(self)
        return self.post(path, data=form | ({"csrf_token": token} if token else {}))


class Coalition:
    """The running machines, started once for many tests; the servers have the names of README."""

    def __init__(self, network: Network, stage: Stage, redis: redis_server.Redis) -> None:
        self.network = network
        self.stage = stage
        self.redis = redis
        self.web = [network.host(f"web{nth}") for nth in (1, 2)]
        self.workers = [network.host(f"worker{nth}") for nth in (1, 2)]
        self.serving = [self._serve(host) for host in self.web]
        stage.beat(on=network.host("beat"))
        for host in self.workers:
            stage.worker(on=host)

    def _serve(self, host: Host) -> subprocess.Popen[bytes]:
        at = f"{host.address}:{PORT}"
        return self.stage.launch(*GUNICORN, "--bind", at, "wsgi:app", on=host)

    def wait_until_it_runs(self) -> None:
        """Both web hosts answer, and a sweep went through the hands of beat, Redis and a worker."""
        for host in self.web:
            wait_until(partial(_answers, host), f"{host.namespace}'s first answer", START_SECONDS)
        wait_until(self._swept, "the first sweep", START_SECONDS)

    def _swept(self) -> bool:
        with self.stage.app.app_context(), edge.reading():
            return queue.last_beat("sweep") is not None

    def close(self) -> None:
        self.stage.close()
        self.redis.stop()

    def mend(self) -> None:
        """All cables are in, and whatever a test killed runs again."""
        for host in (*self.web, *self.workers):
            host.bring_back()
        for nth, process in enumerate(self.serving):
            if process.poll() is not None:
                self.serving[nth] = self._serve(self.web[nth])
        self.wait_until_it_runs()

    def kill_web(self, nth: int) -> None:
        self.stage.kill(self.serving[nth])

    def move_redis(self, folder: Path) -> None:
        """Stop it, and start an empty one at another address, where its name leads from then on."""
        self.redis.stop()
        self.redis = self.redis.moved(folder, self.network.address())
        self.network.name("redis", self.redis.address)
        self.redis.start()


def _answers(host: Host) -> bool:
    """Whether its web server is ready and reaches its database."""
    connection = HTTPConnection(host.address, PORT, timeout=10)
    with suppress(OSError):
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    return False


@contextmanager
def running(apps: Apps, run: Run, folder: Path) -> Iterator[Coalition]:
    """All machines with PostgreSQL, Redis and a relay, on an empty database."""
    with ExitStack() as ends:
        network = ends.enter_context(hosts.opened())
        server = postgres.Postgres(run.new_folder("pg") / "server", address=network.address())
        server.create()
        server.start()
        ends.callback(server.stop)
        broker = redis_server.Redis(run.new_folder("redis"), keep=True, address=network.address())
        broker.start()
        relay = SmtpServer(address=network.address())
        relay.start()
        ends.callback(relay.stop)
        for name, at in (("db", server), ("redis", broker), ("relay", relay)):
            network.name(name, at.address)
        url = postgres.recreate(server.url, "whereas")
        databases.migrate(url, folder)
        here = PRODUCTION | {"DATABASE_URL": url, "SMTP_URL": relay.url, "VAR_DIR": str(folder)}
        there = {
            "DATABASE_URL": url.replace(server.address, "db"),
            "REDIS_URL": broker.url.replace(broker.address, "redis"),
            "SMTP_URL": relay.url.replace(relay.address, "relay"),
        }
        app = ends.enter_context(apps.lend(here))
        stage = Stage(app, relay, here | there, settings={})
        made = Coalition(network, stage, broker)
        ends.callback(made.close)
        made.wait_until_it_runs()
        yield made
