"""The Celery side: app, schedule, and one thin file for each domain with background work.

Workers start as `celery -A tasks worker`, the one beat as `celery -A tasks beat`.
"""

from __future__ import annotations

import gc

gc.disable()  # all that is loaded here stays: to look for what may go takes a sixth of the start

from tasks.celery_app import bind, celery  # noqa: E402

gc.freeze()
gc.enable()

__all__ = ["bind", "celery"]
