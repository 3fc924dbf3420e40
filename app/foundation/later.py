"""Commands and functions that are imported when somebody asks for them.

A process that answers people or sends mail never runs them, and what only they need (Alembic,
seeds, ciphers) would stay in its memory all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from werkzeug.utils import import_string

from app.foundation import mishaps


def later(place: str) -> Callable[..., Any]:
    """The function at `module:name`, imported with its module when it is first called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return import_string(place)(*args, **kwargs)

    return call


class LaterGroup(AppGroup):
    """A group that knows some of its commands by name and place only, as `module:object`.

    Whatever a command of it meets in its database or on its disk is told in a sentence.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.places and cmd_name not in self.commands:
            self.add_command(import_string(self.places[cmd_name]), cmd_name)
        load = ctx.ensure_object(ScriptInfo).load_app
        ctx.with_resource(mishaps.told_plainly(load))  # Flask runs commands from its own group
        return super().get_command(ctx, cmd_name)
