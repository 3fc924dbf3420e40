"""The worker and the beat as threads of one process: the same app, tasks and schedule.

For the demo and for small machines; production runs `celery worker` and `celery beat`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from celery.beat import EmbeddedService
from celery.platforms import EX_OK
from celery.worker import WorkController, state

from tasks.celery_app import celery, flask_app

STOP_SECONDS = 10.0
SPARE_THREADS = 1  # so that a long mailing does not keep the sweep waiting


@contextmanager
def running() -> Iterator[None]:
    """Run worker and beat during the block, and stop them cleanly after it."""
    worker = WorkController(
        app=celery,
        hostname="embedded@localhost",
        pool_cls="threads",
        concurrency=flask_app().config["WORKERS"] + SPARE_THREADS,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    thread = threading.Thread(target=worker.start, name="worker", daemon=True)
    beat = EmbeddedService(celery, thread=True)
    thread.start()
    beat.start()
    try:
        yield
    finally:
        beat.stop()
        state.should_stop = EX_OK
        thread.join(STOP_SECONDS)
        state.should_stop = None
