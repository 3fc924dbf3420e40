"""The program as web servers and the `flask` command see it: the app with its tasks and seeds.

`flask demo` runs all of it in one process, on an embedded database, broker and mailbox.
"""

from __future__ import annotations

import sys

import config
import tasks
from app import create_app

COMMANDS = {
    "demo": "tasks.demo_commands:demo_group",
    "production-check": "tasks.serving:production_check_command",
    "seed": "seeds.commands:group",
    "serve": "tasks.serving:serve_command",
    "upgrade": "tasks.serving:upgrade_command",
}

try:
    app = create_app()
except config.ConfigError as error:
    sys.exit(f"{error}")
tasks.bind(app)
tasks.celery.loader.import_default_modules()
app.cli.places.update(COMMANDS)
