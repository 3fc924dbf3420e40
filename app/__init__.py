"""The Flask application: `create_app` names the domains and nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from whitenoise import WhiteNoise

import config
from app.accounts import sessions
from app.accounts.views import blueprint as accounts
from app.alliances.queries import alliance_to_ask, with_alliances_led
from app.alliances.views import blueprint as alliances
from app.campaigns.views import blueprint as campaigns
from app.digests.views import blueprint as digests
from app.events.views import blueprint as events
from app.foundation import db, errors, kept_pages, language, logs, pagecontext, sentry, web
from app.library.views import blueprint as library
from app.mail.views import blueprint as mail
from app.moving.views import blueprint as moving
from app.pages.views import blueprint as pages
from app.upkeep.views import blueprint as upkeep
from app.work.views import blueprint as work

DOMAINS = (
    mail,
    accounts,
    alliances,
    work,
    library,
    events,
    campaigns,
    digests,
    pages,
    moving,
    upkeep,
)
COMMANDS = {
    "accounts": "app.accounts.commands:group",
    "alliances": "app.moving.commands:alliances_group",
    "backup": "app.upkeep.commands:backup_command",
    "campaigns": "app.campaigns.list_commands:group",
    "db": "app.foundation.migrate:group",
    "events": "app.moving.commands:events_group",
    "export": "app.upkeep.commands:export_group",
    "import": "app.upkeep.commands:import_group",
    "library": "app.library.commands:group",
    "mail": "app.mail.commands:group",
    "organizations": "app.moving.commands:organizations_group",
    "people": "app.moving.commands:group",
    "restore": "app.upkeep.commands:restore_command",
}
"""What `flask` can do, imported when it is asked for."""


def create_app(environ: Mapping[str, str] | None = None) -> web.Whereas:
    """Build the application from settings; `environ` stands for the environment."""
    app = web.Whereas(__name__, static_folder=None)
    app.config.update(config.load(os.environ if environ is None else environ))
    logs.init_app(app)
    sentry.init_app(app)
    db.init_app(app)
    language.init_app(app)
    sessions.init_app(app)
    pagecontext.init_app(app)
    errors.init_app(app)
    for blueprint in DOMAINS:
        app.register_blueprint(blueprint)
    app.cli.places.update(COMMANDS)
    app.extensions["with_alliances_led"] = with_alliances_led
    app.extensions["alliance_to_ask"] = alliance_to_ask
    kept_pages.init_app(app)
    web.init_app(app, middlewares=(language.prefix_middleware, _with_static_files))
    return app


def _with_static_files(wsgi: web.Wsgi) -> web.Wsgi:
    """Static files have their content's hash in the address, so browsers may keep them."""
    folder = Path(__file__).parent / "static"
    served: web.Wsgi = WhiteNoise(wsgi, root=str(folder), prefix="static/", max_age=365 * 86400)
    return served
