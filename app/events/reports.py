"""Reports of events: what organizers write, pictures, and what those who came say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from app.accounts.audit import audit
from app.events.models import Event, EventState, SignUp
from app.events.report_models import Feedback, ReportBack, ReportPicture
from app.foundation import clock, uploads
from app.foundation.db import db

MOST_PICTURES = 12


class NotOver(Exception):
    """There is nothing to report before an event begins, and nothing of one that was called off."""


class TooManyPictures(Exception):
    """A report holds so many pictures and no more."""


@dataclass(frozen=True)
class Written:
    """What the organizers report."""

    people: int | None
    newcomers: int | None
    story: str
    promises: Sequence[str]
    lessons: str
    is_public: bool


@dataclass(frozen=True)
class PictureWords:
    """What is said of a picture: to those who cannot see it, and who took it."""

    words: str
    credit: str


@dataclass(frozen=True)
class Voices:
    """How many answered, what they gave on average, and their advice, without names."""

    number: int
    stars: float | None
    advice: Sequence[str]


def is_due(event: Event) -> bool:
    """Whether there can be a report: it took place, or it is taking place."""
    return event.state == EventState.PUBLISHED and event.starts_at <= clock.now()


def of(event_id: int) -> ReportBack | None:
    return db.scalars(select(ReportBack).where(ReportBack.event_id == event_id)).first()


def public(event_id: int) -> ReportBack | None:
    """The report that everybody may read."""
    return db.scalars(
        select(ReportBack).where(ReportBack.event_id == event_id, ReportBack.is_public.is_(True))
    ).first()


def pictures(report: ReportBack | None) -> Sequence[ReportPicture]:
    """The pictures of a report with their sizes, without their bytes."""
    if report is None:
        return ()
    return db.scalars(
        select(ReportPicture)
        .where(ReportPicture.report_id == report.id)
        .order_by(ReportPicture.id)
        .options(joinedload(ReportPicture.upload))
    ).all()


def picture(event_id: int, picture_id: int) -> tuple[ReportPicture, ReportBack] | None:
    row = db.execute(
        select(ReportPicture, ReportBack)
        .join(ReportBack, ReportBack.id == ReportPicture.report_id)
        .where(ReportBack.event_id == event_id, ReportPicture.id == picture_id)
        .options(joinedload(ReportPicture.upload))
    ).first()
    return (row[0], row[1]) if row else None


def save(event: Event, written: Written, by_id: int | None) -> ReportBack:
    """Write the report of an event, or write it anew. Raises NotOver."""
    if not is_due(event):
        raise NotOver
    report = of(event.id) or _begun(event, by_id)
    report.people = written.people
    report.newcomers = written.newcomers
    report.story = written.story
    report.promises = list(written.promises)
    report.lessons = written.lessons
    report.is_public = written.is_public
    report.updated_at = clock.now()
    report.version += 1
    db.flush()
    audit("events", "report", event.id, public=written.is_public)
    return report


def add_picture(
    event: Event, file: FileStorage | None, said: PictureWords, by_id: int | None
) -> ReportPicture:
    """Keep a picture whose people agreed. Raises NotOver, TooManyPictures, uploads.Refused."""
    if not is_due(event):
        raise NotOver
    report = of(event.id) or _begun(event, by_id)
    if len(pictures(report)) >= MOST_PICTURES:
        raise TooManyPictures
    made = ReportPicture(
        report_id=report.id,
        upload_id=uploads.keep_picture(file, by=by_id).id,
        words=said.words,
        credit=said.credit,
        agreed_by_id=by_id,
        created_at=clock.now(),
    )
    db.add(made)
    db.flush()
    return made


def remove_picture(event_id: int, picture_id: int) -> bool:
    """Delete a picture and its bytes; whether there was one."""
    found = picture(event_id, picture_id)
    if found is None:
        return False
    upload = found[0].upload
    db.delete(found[0])
    db.flush()
    db.delete(upload)
    return True


def _begun(event: Event, by_id: int | None) -> ReportBack:
    now = clock.now()
    report = ReportBack(
        event_id=event.id,
        people=None,
        newcomers=None,
        promises=[],
        created_by_id=by_id,
        created_at=now,
        updated_at=now,
        version=0,
    )
    db.add(report)
    db.flush()
    return report


def answer(sign_up: SignUp, stars: int, advice: str) -> None:
    """Keep what somebody who was there says; saying it again changes it."""
    own = answer_of(sign_up)
    if own is None:
        own = Feedback(event_id=sign_up.event_id, person_id=sign_up.person_id)
        db.add(own)
    own.stars, own.advice, own.at = stars, advice, clock.now()


def answer_of(sign_up: SignUp) -> Feedback | None:
    """What somebody who was there said before."""
    return db.scalars(
        select(Feedback).where(
            Feedback.event_id == sign_up.event_id, Feedback.person_id == sign_up.person_id
        )
    ).first()


def voices(event_id: int) -> Voices:
    """What those who came said; two statements."""
    about = Feedback.event_id == event_id
    number, stars = db.execute(select(func.count(), func.avg(Feedback.stars)).where(about)).one()
    advice = db.scalars(
        select(Feedback.advice).where(about, Feedback.advice != "").order_by(Feedback.advice)
    ).all()
    return Voices(number, round(float(stars), 1) if number else None, advice)
