"""The Celery app, its safe settings, and the Flask app that every task runs in."""

from __future__ import annotations

from typing import Any

from celery import Celery, Task

from app import create_app

app = create_app()


class InAppContext(Task):  # type: ignore[misc]  # Celery has no types
    """A task that runs inside an app context of its own."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with app.app_context():
            return super().__call__(*args, **kwargs)


celery = Celery("whereas", task_cls=InAppContext, set_as_current=True)
celery.conf.update(
    broker_url=app.config["REDIS_URL"] or "memory://",
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "max_retries": 0,
    },
    imports=("tasks.mail", "tasks.accounts", "tasks.events", "tasks.digests"),
    beat_schedule_filename=str(app.config["VAR_DIR"] / "beat-schedule"),
    accept_content=["json"],
    task_serializer="json",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=60,
    task_soft_time_limit=45,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    timezone="UTC",
)
