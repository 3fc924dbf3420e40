"""What is left of the demo's last International Justice Day: who came, and what was reported."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.events import door, reports
from app.events.door import Said
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation.db import db
from seeds.world import World

CAME = 0.7
STORIES = (
    "The room was full, and people stayed to talk for an hour afterwards.",
    "A quiet evening with good questions. Two students want to help next year.",
    "The council sent a member, who read the proclamation aloud.",
)
PROMISES: tuple[list[str], ...] = (
    ["Council Member Ortiz will bring the resolution to the June meeting."],
    [],
    ["The library offers its room again.", "The mayor's office wants the text by March."],
)
LESSONS = (
    "More chairs, and somebody for the door from 5:30 on.",
    "Ask the speaker for a shorter talk.",
    "Send the press release a week earlier.",
)


def seed(world: World) -> None:
    """Every past event of an observance was counted at the door; most of them have a report."""
    for number, event in enumerate(_past(world)):
        walk_ins = _let_in(world, event)
        if number % 4 == 3:
            continue
        kind = number % len(STORIES)
        here = door.count(event.id).here
        written = reports.Written(
            people=here,
            newcomers=walk_ins,
            story=STORIES[kind],
            promises=PROMISES[kind],
            lessons=LESSONS[kind],
            is_public=True,
        )
        reports.save(event, written, None)
        if number % 3 == 0:
            said = reports.PictureWords("The room before it filled", "A volunteer")
            reports.add_picture(event, _drawing(number), said, None)


def _past(world: World) -> list[Event]:
    query = select(Event).where(
        Event.edition_id.is_not(None),
        Event.state == EventState.PUBLISHED,
        Event.ends_at < world.now,
    )
    return list(db.scalars(query.order_by(Event.id)))


def _let_in(world: World, event: Event) -> int:
    """Seven of ten came, and a few walked in; how many those were."""
    own = db.scalars(
        select(SignUp.id).where(SignUp.event_id == event.id, SignUp.state == SignUpState.CONFIRMED)
    ).all()
    came = world.chance.sample(list(own), int(len(own) * CAME))
    walk_ins = world.chance.randint(1, 5)
    at = event.starts_at - timedelta(minutes=10)
    said = [Said(f"s{number}", 1, at) for number in came]
    said += [Said(f"walk-in-{number}", 1, at) for number in range(walk_ins)]
    door.record(event, None, said)
    return walk_ins


def _drawing(number: int) -> FileStorage:
    """A plain picture of rows of chairs, since the demo's people are invented."""
    picture = Image.new("RGB", (1200, 800), (246, 240, 226))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 1200, 420), fill=(222, 210, 186))
    pen.rectangle((420, 90, 780, 300), fill=(31, 58, 104))
    for row in range(4):
        for seat in range(9):
            x, y = 110 + seat * 112 + (row % 2) * 20, 450 + row * 84
            taken = (row * 9 + seat + number) % 5 == 0
            pen.rounded_rectangle(
                (x, y, x + 70, y + 58), 10, fill=(125, 86, 12) if taken else (150, 140, 118)
            )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    out.seek(0)
    return FileStorage(out, filename="room.jpg")
