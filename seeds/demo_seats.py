"""The demo's events with parts, shifts, a waiting list, co-hosts and people without e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from app.events import questions, reminders, rounds
from app.events.co_host_models import CoHost, CoHostState
from app.events.models import Event, EventKind, EventState, Part, SignUp, SignUpState
from app.events.questions import Question, QuestionKind
from app.events.rounds import AskedByVoice
from app.events.seating import Wish
from app.events.shift_models import Shift, ShiftSignUp
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person
from seeds.world import World

TOWN = "columbus"
SHIFTS = (
    ("Set up chairs", "Poner las sillas", -60, 45, 4),
    ("Welcome people at the door", "Recibir en la puerta", -30, 60, 2),
    ("Clean up", "Limpiar", 120, 45, 3),
)
QUESTIONS = (
    Question(
        "ride", "Do you need a ride?", QuestionKind.YES_NO, label_es="¿Necesitas quien te lleve?"
    ),
    Question("diet", "Is there anything you do not eat?", label_es="¿Hay algo que no comas?"),
)
BY_PHONE = (("Ruth Abrams", "+16145550111"), ("Walter Hughes", "+16145550112"))
GUESTS = ((), ("Sam",), (), ("Rosa", "Luis"), (), (), ("Kim",), ())


def seed(world: World) -> None:
    """Seven weeks of it, all of Columbus."""
    people = iter(world.members[TOWN][12:])
    _hybrid(world, people)
    _carpool(world)
    _at_home(world, people)
    _together(world)


def _hybrid(world: World, people: Iterator[Person]) -> None:
    """A full room, a screen with seats left, help wanted, a line, and two people by phone."""
    event = _event(world, "Films for justice: an evening with the filmmakers", 16, time(18, 30))
    event.kind = EventKind.SCREENING
    event.is_online, event.online_link = True, "https://meet.example.org/films"
    event.link_opens_late = True
    event.seats_at_place, event.seats_online = 12, 40
    event.title_es = "Cine por la justicia: una noche con los cineastas"
    event.description_es = "Dos cortos y una conversación. **Todos son bienvenidos.**"
    event.accessibility = {
        "step_free": "yes",
        "captions": "yes",
        "interpreter": "ask",
        "childcare": "no",
        "quiet_space": "yes",
    }
    event.languages = "English, Spanish"
    event.questions = questions.stored(QUESTIONS)
    db.flush()
    reminders.schedule(event)
    shifts = [_shift(event, *plan) for plan in SHIFTS]
    seated = [_sign_up(event, next(people), n, guests) for n, guests in enumerate(GUESTS, start=1)]
    for shift, own in zip((shifts[0], shifts[1], shifts[1], shifts[0]), seated, strict=False):
        db.add(ShiftSignUp(shift_id=shift.id, sign_up_id=own.id))
    seated[4].no_photo = True
    for n, guests in enumerate(((), ("Dana", "Alex"), ()), start=len(seated) + 1):
        _sign_up(event, next(people), n, guests, SignUpState.WAITING)
    asked = world.now.date() - timedelta(days=2)
    for name, phone in BY_PHONE:
        rounds.sign_up_by_voice(
            event, AskedByVoice(name, phone, asked, "en"), Wish(part=Part.ONLINE), by=None
        )


def _carpool(world: World) -> None:
    """Three seats, all free: to see how guests, a waiting list and an offer work."""
    event = _event(world, "Carpool to the statehouse", 23, time(8, 30))
    event.kind = EventKind.COUNCIL_TURNOUT
    event.capacity = 3
    reminders.schedule(event)


def _at_home(world: World, people: Iterator[Person]) -> None:
    """At somebody's home: only those with a seat read where."""
    event = _event(world, "Letter evening at a neighbor's home", 30, time(19))
    event.kind = EventKind.PHONE_BANK
    event.venue, event.street = "Ana's home", "12 Example Street"
    event.address_is_private = True
    event.capacity = 14
    _sign_up(event, next(people), 1, ())
    reminders.schedule(event)


def _together(world: World) -> None:
    """Held with two other alliances, one of which has not answered."""
    event = _event(world, "Ohio to Chicago: a reading on two stages", 44, time(17))
    event.kind = EventKind.WORSHIP
    reminders.schedule(event)
    states = {"chicago": CoHostState.ACCEPTED, "new-york": CoHostState.INVITED}
    for slug, state in states.items():
        accepted = state is CoHostState.ACCEPTED
        db.add(
            CoHost(
                event_id=event.id,
                alliance_id=world.alliances[slug].id,
                state=state,
                invited_at=world.now - timedelta(days=9),
                answered_at=world.now - timedelta(days=7) if accepted else None,
            )
        )


def _event(world: World, title: str, days: int, wall: time) -> Event:
    """A published event of Columbus in its library."""
    alliance = world.alliances[TOWN]
    at = datetime.combine(world.now.date() + timedelta(days=days), wall)
    starts = clock.instant(at, alliance.time_zone)
    made = world.now - timedelta(days=20)
    event = Event(
        slug=title.lower().split(":")[0].replace("'", "").replace(" ", "-"),
        alliance=alliance,
        kind=EventKind.PANEL,
        title=title,
        description="Come as you are. **Bring somebody.**",
        state=EventState.PUBLISHED,
        wall_start=at,
        time_zone=alliance.time_zone,
        minutes=120,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=120),
        venue="Main Library",
        street="96 S Grant Ave",
        zip=alliance.zip,
        city=alliance.city,
        us_state=alliance.state,
        latitude=alliance.latitude,
        longitude=alliance.longitude,
        created_at=made,
        updated_at=made,
        published_at=made,
    )
    db.add(event)
    db.flush()
    return event


def _shift(
    event: Event, title: str, title_es: str, opens: int, minutes: int, capacity: int
) -> Shift:
    shift = Shift(
        event_id=event.id,
        title=title,
        title_es=title_es,
        opens=opens,
        minutes=minutes,
        capacity=capacity,
    )
    db.add(shift)
    db.flush()
    return shift


def _sign_up(
    event: Event,
    person: Person,
    place: int,
    guests: tuple[str, ...],
    state: SignUpState = SignUpState.CONFIRMED,
) -> SignUp:
    at = event.created_at + timedelta(hours=5 * place)
    own = SignUp(
        event_id=event.id,
        person_id=person.id,
        state=state,
        place=place,
        seats=1 + len(guests),
        guests=list(guests),
        created_at=at,
        confirmed_at=at if state is SignUpState.CONFIRMED else None,
    )
    db.add(own)
    db.flush()
    return own
