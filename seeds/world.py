"""The facts of the demo world: its alliances in real places and what they hold.

Days are counted from today; a `wall` time is the place's own clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, time

from app.alliances.models import Alliance, Joining, LifeCycle
from app.events.models import EventKind
from app.people.models import Person


@dataclass
class World:
    """What was made so far, for the parts that build on it."""

    chance: random.Random
    now: datetime
    alliances: dict[str, Alliance] = field(default_factory=dict)
    members: dict[str, list[Person]] = field(default_factory=dict)
    staff: Person | None = None


@dataclass(frozen=True)
class Town:
    """One alliance of the demo and how many members it has."""

    slug: str
    name: str
    zip: str
    members: int
    venue: str
    street: str
    joining: Joining = Joining.OPEN
    life_cycle: LifeCycle = LifeCycle.ACTIVE


@dataclass(frozen=True)
class Plan:
    """An event of the demo: in so many days, or on the observance if `days` is None."""

    town: str
    kind: EventKind
    title: str
    days: int | None
    wall: time
    minutes: int = 90
    capacity: int | None = None
    online: bool = False
    sign_ups: int = 0
    draft: bool = False
    observance: str = ""


TOWNS = (
    Town("los-angeles", "Los Angeles Alliance", "90012", 96, "Central Library", "630 W 5th St"),
    Town("columbus", "Columbus Alliance", "43215", 72, "Main Library", "96 S Grant Ave"),
    Town("chicago", "Chicago Alliance", "60605", 84, "Library Center", "400 S State St"),
    Town("new-york", "New York Alliance", "10017", 90, "Church Center", "777 First Ave"),
    Town("boston", "Greater Boston Alliance", "02116", 54, "Public Library", "700 Boylston St"),
    Town("seattle", "Seattle Alliance", "98104", 42, "Central Library", "1000 Fourth Ave"),
    Town("denver", "Denver Alliance", "80204", 36, "Central Library", "10 W 14th Ave"),
    Town("portland", "Portland Alliance", "97205", 36, "Central Library", "801 SW 10th Ave"),
    Town(
        "minneapolis",
        "Twin Cities Alliance",
        "55401",
        30,
        "Central Library",
        "300 Nicollet Mall",
        joining=Joining.MODERATED,
    ),
    Town("austin", "Austin Alliance", "78701", 24, "Central Library", "710 W Cesar Chavez St"),
    Town(
        "madison",
        "Madison Alliance",
        "53703",
        20,
        "Central Library",
        "201 W Mifflin St",
        life_cycle=LifeCycle.FORMING,
    ),
    Town(
        "phoenix",
        "Phoenix Alliance",
        "85004",
        16,
        "Burton Barr Library",
        "1221 N Central Ave",
        joining=Joining.INVITED,
        life_cycle=LifeCycle.FORMING,
    ),
)

JUSTICE_DAY = (
    ("los-angeles", EventKind.PANEL, "International Justice Day panel", time(14), 140),
    ("columbus", EventKind.PROCLAMATION, "Proclamation of International Justice Day", time(11), 60),
    ("chicago", EventKind.TEACH_IN, "Teach-in: the Court and Chicago", time(13), 90),
    ("new-york", EventKind.RALLY, "Rally for international justice", time(12), None),
    ("boston", EventKind.SCREENING, "Film and talk for Justice Day", time(18, 30), 80),
    ("seattle", EventKind.PICNIC, "Justice Day picnic", time(12), None),
    ("denver", EventKind.PANEL, "Voices for justice", time(15), 70),
    ("portland", EventKind.RECEPTION, "Justice Day reception", time(17), 50),
    ("minneapolis", EventKind.VIGIL, "Evening of remembrance and justice", time(19), None),
)
"""Who held what on July 17: town, kind, title, time, capacity. Last year all; next year most."""

ANSWERED_NEXT = ("los-angeles", "columbus", "chicago", "new-york", "seattle", "denver")

COMING = (
    Plan("columbus", EventKind.ORGANIZING, "Planning evening", 6, time(18, 30), sign_ups=9),
    Plan(
        "los-angeles",
        EventKind.PHONE_BANK,
        "Letter-writing evening",
        12,
        time(19),
        online=True,
        sign_ups=34,
    ),
    Plan(
        "chicago",
        EventKind.VIGIL,
        "Remembrance reading",
        18,
        time(18, 30),
        60,
        sign_ups=17,
        observance="genocide-victims-day",
    ),
    Plan(
        "boston",
        EventKind.TEACH_IN,
        "How a city passes a resolution",
        21,
        time(18),
        capacity=12,
        sign_ups=15,
    ),
    Plan("new-york", EventKind.TRAINING, "Coordinators' training", 30, time(10), 180, sign_ups=11),
    Plan("denver", EventKind.LOBBY_VISIT, "Visit to the council office", 35, time(9), 45),
    Plan("columbus", EventKind.SCREENING, "Film evening", 40, time(19), draft=True),
)

DESCRIPTION = (
    "Come and meet neighbors who care about **international justice**.\n\n"
    "- What the International Criminal Court does, in plain words\n"
    "- What our city can do this year\n"
    "- Time for questions\n\nEverybody is welcome; no knowledge needed."
)
ACCESS = "Step-free entrance, hearing loop. Childcare on request."

DIGESTS = (
    (
        62,
        "What September brought",
        "Nine alliances met this month. **Thank you** to everybody who opened a door, "
        "set up chairs or wrote to a council member.",
    ),
    (
        31,
        "A month to plan",
        "International Justice Day is on July 17. It is early, and that is the point: "
        "halls are free and council members have time. *Answer the call* on your alliance's desk.",
    ),
)
NEWS = (
    (
        "Nine councils have passed it",
        "Nueve concejos la aprobaron",
        "The ninth was close: **five votes to four**, after three evenings of listening.",
        False,
    ),
    (
        "The new one-page handout is here",
        "La nueva hoja informativa ya está aquí",
        "Print it on both sides. ![The handout](https://example.org/handout.png)",
        False,
    ),
    (
        "Keys of the hall",
        "",
        "From now on they hang at the front desk. Please sign the list.",
        True,
    ),
)
"""Title, the same in Spanish, text, and whether it is for members in Columbus alone."""

DRAFT = (
    "Looking ahead to Human Rights Day",
    "December 10 is **Human Rights Day**. Several alliances hold a reading; find yours below.",
)
