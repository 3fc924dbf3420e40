"""The program as web servers and the `flask` command see it: the app with its tasks and seeds."""

from __future__ import annotations

import tasks
from app import create_app

app = create_app()
tasks.bind(app)
tasks.celery.loader.import_default_modules()
