"""Pages on which a coordinator writes to members, or to the guests of an event."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.alliances.models import Alliance
from app.alliances.policy import coordinates
from app.alliances.queries import by_slug
from app.digests import announcement_copies, announcements, audience, checks, queries, words
from app.digests.announcement_forms import AnnouncementForm
from app.digests.blueprint import blueprint
from app.digests.checks import Finding
from app.digests.models import Announcement
from app.digests.preview_views import POLICY
from app.events.models import Event
from app.events.queries import of_alliance
from app.foundation import language, tables
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other
from app.mail.models import Mailing
from app.mail.progress import progress

notices(
    letter_saved=_l("Saved as a draft. Nobody gets it before you send it."),
    letter_tested=_l("Sent to you. Look into your inbox."),
    letter_no_test=_l("You have no e-mail address to which a test could go."),
    letter_gone=_l("This was sent, so it cannot change any more."),
)

LISTING: Listing[Any] = Listing(
    name="letters",
    columns=(
        Column(
            "subject", _l("Subject"), lambda row: row.Announcement.subject, Announcement.subject
        ),
        Column("state", _l("State"), lambda row: words.state(row.Mailing)[0], Mailing.state),
        Column(
            "changed",
            _l("Last change"),
            lambda row: row.Announcement.updated_at,
            Announcement.updated_at,
        ),
    ),
    sort="changed",
    descending=True,
    tie_break=Announcement.id,
)


@blueprint.get("/desk/<alliance>/letters")
@allow(coordinates)
def letters(alliance: str) -> ResponseReturnValue:
    found = find_or_404(by_slug(alliance))
    page = tables.page_of(LISTING, queries.announcements(found.id), scalars=False)
    return render_template("digests/letters.html", alliance=found, page=page, words=words)


@blueprint.get("/desk/<alliance>/letters/new")
@allow(coordinates)
def write_letter(alliance: str) -> ResponseReturnValue:
    return _form_page(find_or_404(by_slug(alliance)), AnnouncementForm())


@blueprint.post("/desk/<alliance>/letters/new")
@allow(coordinates)
def create_letter(alliance: str) -> ResponseReturnValue:
    return _create(find_or_404(by_slug(alliance)), None)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/letter")
@allow(coordinates)
def write_to_guests(alliance: str, event_id: int) -> ResponseReturnValue:
    event = find_or_404(of_alliance(alliance, event_id))
    return _form_page(event.alliance, AnnouncementForm(), event=event)


@blueprint.post("/desk/<alliance>/events/<int:event_id>/letter")
@allow(coordinates)
def create_to_guests(alliance: str, event_id: int) -> ResponseReturnValue:
    event = find_or_404(of_alliance(alliance, event_id))
    return _create(event.alliance, event)


@blueprint.get("/desk/<alliance>/letters/<int:letter_id>")
@allow(coordinates)
def letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    mailing = announcements.mailing_of(found)
    shown: dict[str, Any]
    if mailing is None:
        shown = {"count": audience.count(announcements.whom(found)), "findings": checked(found)}
    else:
        going = progress(mailing) if queries.is_under_way(mailing) else None
        shown = {"progress": going, "day": announcements.day_of(mailing)}
    return render_template(
        "digests/letter.html",
        alliance=of,
        letter=found,
        event=db.get(Event, found.event_id) if found.event_id else None,
        mailing=mailing,
        words=words,
        **shown,
    )


@blueprint.get("/desk/<alliance>/letters/<int:letter_id>.html")
@allow(coordinates)
def letter_html(alliance: str, letter_id: int) -> Response:
    """The HTML part as the viewer would get it, for the frames of the page above."""
    found, _of = letter_of(alliance, letter_id)
    asked = request.args.get("in", "")
    sheet = announcement_copies.sheet(
        found,
        find_or_404(viewer.person_id),
        real_links=False,
        to_language=asked if asked in language.LANGUAGES else "",
    )
    response = Response(sheet.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/desk/<alliance>/letters/<int:letter_id>/edit")
@allow(coordinates)
def edit_letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    if found.mailing_id is not None:
        return to_letter(found, of, "letter-gone")
    return _form_page(of, AnnouncementForm.of(found), letter=found)


@blueprint.post("/desk/<alliance>/letters/<int:letter_id>/edit")
@allow(coordinates)
def save_letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    form = AnnouncementForm()
    if not form.validate_on_submit():
        return _form_page(of, form, letter=found), 422
    try:
        announcements.save(letter_id, form.draft(), version=form.read_version())
    except announcements.Stale:
        form.version.data = str(found.version)
        return _form_page(of, form, letter=found, theirs=found), 409
    except announcements.Gone:
        return to_letter(found, of, "letter-gone")
    return to_letter(found, of, "letter-saved")


@blueprint.post("/desk/<alliance>/letters/<int:letter_id>/test")
@allow(coordinates)
def test_letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    sent = announcement_copies.send_test(found, find_or_404(viewer.person_id))
    return to_letter(found, of, "letter-tested" if sent else "letter-no-test")


def letter_of(alliance: str, letter_id: int) -> tuple[Announcement, Alliance]:
    """A letter of this alliance; another's does not exist here."""
    row = db.execute(
        select(Announcement, Alliance)
        .join(Alliance, Alliance.id == Announcement.alliance_id)
        .where(Announcement.id == letter_id, Alliance.slug == alliance)
    ).first()
    found, of = find_or_404(row)
    return found, of


def checked(found: Announcement) -> list[Finding]:
    return checks.of_letter(found, find_or_404(viewer.person_id))


def _create(alliance: Alliance, event: Event | None) -> ResponseReturnValue:
    form = AnnouncementForm()
    if not form.validate_on_submit():
        return _form_page(alliance, form, event=event), 422
    made = announcements.create(
        alliance,
        form.draft(),
        event_id=event.id if event else None,
        by_id=find_or_404(viewer.person_id),
    )
    return to_letter(made, alliance, "letter-saved")


def _form_page(alliance: Alliance, form: AnnouncementForm, **more: Any) -> str:
    return render_template("digests/edit_letter.html", alliance=alliance, form=form, **more)


def to_letter(found: Announcement, alliance: Alliance, done: str = "") -> ResponseReturnValue:
    return see_other("digests.letter", alliance=alliance.slug, letter_id=found.id, done=done)
