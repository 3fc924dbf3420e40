"""The demo's support for campaigns: endorsements, letters, visits, speakers, lobbying time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.alliances import organization_queries
from app.campaigns import contacting, endorsing, lobbying, picked_points, turnouts, visiting
from app.campaigns.contact_models import ContactKind
from app.campaigns.endorsing import Given
from app.campaigns.lobbying import Spent
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.turnouts import Told
from app.campaigns.visit_models import LobbyingKind, Visit
from app.campaigns.visiting import Planned, Report
from app.foundation.db import db
from app.library.points import Place
from seeds.world import World

POINTS = 2
ENDORSING = 4
WRITING = 9
SPEAKING = 5


def seed(world: World) -> None:
    """Every campaign of an alliance is endorsed; those that run are visited, written to, heard."""
    towns = {alliance.id: town for town, alliance in world.alliances.items()}
    running = select(Measure).where(
        Measure.historical.is_(False), Measure.published_at.is_not(None)
    )
    whole = running.options(joinedload(Measure.body)).order_by(Measure.id)
    for measure in db.scalars(whole):
        town = towns.get(measure.alliance_id or 0)
        if town is None or not world.members[town]:
            continue
        _endorse(world, measure)
        if measure.stage in (Stage.SEEKING_SPONSOR, Stage.SPONSORED, Stage.SCHEDULED):
            _pick(measure)
            _write(world, measure, town)
            _visit(world, measure, town)
        if measure.stage == Stage.SCHEDULED:
            _speak(world, measure, town)
    db.flush()


def _endorse(world: World, measure: Measure) -> None:
    """Three in four may be named; the last is printed for identification only."""
    members = organization_queries.of_alliance(measure.alliance_id or 0)
    for number, organization in enumerate(members[:ENDORSING]):
        given = Given(
            by="Robin Hale",
            title="Executive director",
            on=world.now.date() - timedelta(days=20 + number),
            public_use=number != 1,
            for_identification=number == ENDORSING - 1,
        )
        endorsing.endorse(measure, organization, given, by_id=None)


def _pick(measure: Measure) -> None:
    keys = [key for key, _words in picked_points.offered()[:POINTS]]
    place = Place(picked_points.LETTERS, measure.id, measure.title, "", measure.alliance_id)
    picked_points.pick(place, keys, by_id=None)


def _write(world: World, measure: Measure, town: str) -> None:
    sitting = contacting.officials(measure.body_id)
    for number, person in enumerate(world.members[town][1 : 1 + WRITING]):
        seat = sitting[number % len(sitting)].seat_id if sitting else None
        kind = ContactKind.CALL if number % 3 == 2 else ContactKind.LETTER
        contacting.tell(measure, kind, seat, person.id)


def _visit(world: World, measure: Measure, town: str) -> None:
    """One visit that was reported and waits for its thank-you, and one that is planned."""
    offices = visiting.offices(measure)
    names = [label for _key, label in offices[:2]] or ["The mayor's office", "The clerk's office"]
    held = _planned(world, measure, town, names[0], -3)
    visiting.report(
        held,
        Report(
            people_met="A legislative aide",
            answer="They know the day from other cities and will read our text.",
            they_promised="An answer within two weeks",
            we_promised="The list of cities that passed one",
        ),
    )
    due = world.now.date() + timedelta(days=4)
    visiting.follow_up(held, "Send the list of cities that passed one", due, held.owner_id)
    _planned(world, measure, town, names[-1], 9)
    if measure.alliance_id is not None:
        lobbying.note(
            measure.alliance_id,
            Spent(
                on=held.on,
                kind=LobbyingKind.DIRECT,
                what=f"Visit: {held.office}",
                minutes=135,
                cents=1250,
                person_id=held.owner_id,
                measure_id=measure.id,
                visit_id=held.id,
            ),
        )


def _planned(world: World, measure: Measure, town: str, office: str, days: int) -> Visit:
    people = world.members[town]
    return visiting.plan(
        measure,
        Planned(
            office=office,
            seat_id=None,
            legislator_id=None,
            on=world.now.date() + timedelta(days=days),
            at="14:30",
            place="City Hall",
            wanted="To sponsor the resolution, or to tell us who might",
            owner_id=people[0].id,
            guests=[person.id for person in people[1:3]],
        ),
    )


def _speak(world: World, measure: Measure, town: str) -> None:
    """Three slots and five who want to speak; the first is registered and knows what to say."""
    suggested = turnouts.suggested(measure)
    turnout = turnouts.begin(
        measure,
        Told(
            on=suggested.on,
            at=suggested.at,
            place=suggested.place,
            slots=3,
            minutes=2,
            sign_up_by=suggested.sign_up_by,
            rules="Bring a card with your name to the clerk's desk before the meeting.",
        ),
    )
    turnout.measure = measure
    for number, person in enumerate(world.members[town][2 : 2 + SPEAKING]):
        own = turnouts.add(turnout, person.id)
        own.asked_at = world.now - timedelta(hours=SPEAKING - number)
        if number == 0:
            own.registered = True
            own.testimony = turnouts.draft(
                turnout, person, picked_points.picked(picked_points.LETTERS, measure.id)
            )
