"""The secretariat: one page from which national staff reach everything they keep."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.foundation.policy import allow, staff
from app.pages.blueprint import blueprint


@dataclass(frozen=True)
class Room:
    """A page of the secretariat, and what one does there."""

    endpoint: str
    title: LazyString
    sentence: LazyString


ROOMS = (
    (
        _l("Mail and news"),
        (
            Room(
                "digests.listing",
                _l("Digests"),
                _l("Write the next digest, and see what was read."),
            ),
            Room(
                "mail.overview",
                _l("Mail"),
                _l("What is leaving, what came back, and how to hold it."),
            ),
        ),
    ),
    (
        _l("Alliances and people"),
        (
            Room(
                "alliances.approvals",
                _l("Approvals"),
                _l("Say yes or no to new alliances and coordinators."),
            ),
            Room(
                "pages.network",
                _l("The network"),
                _l("What each alliance lacks, with the way to its desk."),
            ),
            Room(
                "alliances.silent_coordinators",
                _l("Coordinators"),
                _l("Who has been silent for a month, and who takes over from whom."),
            ),
            Room(
                "alliances.staff_organizations",
                _l("Organizations"),
                _l("Applications, members, and who speaks for them."),
            ),
            Room(
                "alliances.duplicate_people",
                _l("Possible duplicates"),
                _l("Records that may be one person, to merge or to leave apart."),
            ),
            Room(
                "moving.listing",
                _l("Bring a list"),
                _l("Take in people from another program or a spreadsheet."),
            ),
        ),
    ),
    (
        _l("Events"),
        (
            Room(
                "events.days",
                _l("Days we observe"),
                _l("Call alliances to a day, and see who takes part."),
            ),
            Room(
                "events.national_kits",
                _l("Event templates"),
                _l("Ready-made events that every alliance can begin with."),
            ),
        ),
    ),
    (
        _l("Campaigns and library"),
        (
            Room(
                "campaigns.listing",
                _l("Campaigns"),
                _l("What councils and boards adopt. Councils are kept at each alliance's desk."),
            ),
            Room(
                "campaigns.renewals_now",
                _l("Asking again"),
                _l("What passed last year, place by place, and what became of it."),
            ),
            Room(
                "campaigns.unkept",
                _l("Records without an alliance"),
                _l("Give each to an alliance, so that somebody goes on with it."),
            ),
            Room(
                "campaigns.kept_model_texts",
                _l("Model texts"),
                _l("Resolutions and proclamations that alliances make their own."),
            ),
            Room(
                "library.desk",
                _l("Keep the library"),
                _l("Talking points, recommendations, analyses and statements."),
            ),
        ),
    ),
    (
        _l("The site"),
        (
            Room(
                "upkeep.health",
                _l("How the site does"),
                _l("Whether mail, backups and regular work run as they should."),
            ),
        ),
    ),
)


@blueprint.get("/staff/")
@allow(staff)
def secretariat() -> ResponseReturnValue:
    return render_template("pages/secretariat.html", groups=ROOMS)
