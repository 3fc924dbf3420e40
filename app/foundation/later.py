"""Commands that are imported when somebody asks for them.

A process that answers people never runs them, and what only they need (Alembic, backups, seeds)
would stay in its memory all the same.
"""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup
from werkzeug.utils import import_string


class LaterGroup(AppGroup):
    """A group that knows some of its commands by name and place only, as `module:object`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.places and cmd_name not in self.commands:
            self.add_command(import_string(self.places[cmd_name]), cmd_name)
        return super().get_command(ctx, cmd_name)
