"""The Celery app with the tests' kind of mailing: `celery -A tests.faults.circulars worker`.

Its clock may be wrong by FAULT_CLOCK_HOURS, and its pool ends with it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.signals import worker_process_init

from app.foundation import clock
from tasks import celery
from tests.faults.stage import die_with_parent
from tests.mail import kinds

__all__ = ["celery", "kinds"]

WRONG = timedelta(hours=float(os.environ.get("FAULT_CLOCK_HOURS", "0")))

clock.machine = lambda: datetime.now(UTC) + WRONG


@worker_process_init.connect
def _end_with_worker(**_signal: Any) -> None:
    die_with_parent()
