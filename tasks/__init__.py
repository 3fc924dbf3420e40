"""The Celery side: app, schedule, and one thin file for each domain with background work.

Workers start as `celery -A tasks worker`, the one beat as `celery -A tasks beat`.
"""

from __future__ import annotations

from tasks.celery_app import bind, celery

__all__ = ["bind", "celery"]
