"""The Celery app with the tests' kind of mailing: `celery -A tests.faults.circulars worker`."""

from __future__ import annotations

from tasks import celery
from tests.mail import kinds

__all__ = ["celery", "kinds"]
