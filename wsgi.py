"""The program as web servers and the `flask` command see it: the app with its tasks and seeds."""

from __future__ import annotations

import tasks

app = tasks.app
tasks.celery.loader.import_default_modules()
