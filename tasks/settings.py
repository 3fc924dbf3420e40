"""Celery's settings: each one keeps a task from being lost or from running for ever.

Leases (20 s) < soft limit (45 s) < hard limit (60 s) < visibility timeout (300 s).
"""

from __future__ import annotations

from tasks.celery_app import flask_app
from tasks.schedule import entries

_config = flask_app().config

broker_url = _config["REDIS_URL"] or "memory://localhost/"
broker_connection_retry_on_startup = True
broker_connection_timeout = 1
broker_transport_options = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "max_retries": 0,
    "polling_interval": 0.1,  # of the embedded broker; Redis wakes its readers
}
imports = (
    "tasks.mail",
    "tasks.accounts",
    "tasks.alliances",
    "tasks.work",
    "tasks.events",
    "tasks.digests",
    "tasks.moving",
    "tasks.upkeep",
)
accept_content = ["json"]
task_serializer = "json"
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_time_limit = 60
task_soft_time_limit = 45
worker_prefetch_multiplier = 1
# What was not acknowledged is delivered again: better ended here than run twice at the same time.
# The rows say what is left, and a batch that was in hand is free when its lease runs out.
worker_cancel_long_running_tasks_on_connection_loss = True
worker_hijack_root_logger = False
timezone = "UTC"
beat_schedule_filename = str(_config["VAR_DIR"] / "beat-schedule")
beat_schedule = entries(_config["SWEEP_SECONDS"])
beat_max_loop_interval = _config["SWEEP_SECONDS"]
