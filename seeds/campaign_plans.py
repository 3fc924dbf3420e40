"""Which campaigns run in the demo, and how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.campaigns.body_models import Instrument
from app.campaigns.stages import Stage

_S = Stage
TO_SPONSOR = (_S.DRAFTING, _S.SEEKING_SPONSOR)
TO_FILED = (*TO_SPONSOR, _S.SPONSORED, _S.INTRODUCED)
TO_MEETING = (*TO_FILED, _S.SCHEDULED)
TO_COMMITTEE = (*TO_FILED, _S.REFERRED)
TO_ADOPTED = (*TO_MEETING, _S.ADOPTED)
TO_MAYOR = (*TO_ADOPTED, _S.AWAITING_EXECUTIVE)
TO_FINAL = (*TO_ADOPTED, _S.FINAL)
TO_OFFICE = (_S.DRAFTING, _S.REQUESTED)


@dataclass(frozen=True)
class Running:
    """A campaign of an alliance: its way so far, and how many members signed."""

    town: str
    way: Sequence[Stage]
    title: str = "World Day for International Justice"
    instrument: Instrument = Instrument.RESOLUTION
    signed: int = 0
    private: bool = False


PROCLAMATION = "Proclamation of International Justice Day"
PEACE = "Support for the International Criminal Court"
RUNNING = (
    Running("columbus", TO_SPONSOR, signed=31),
    Running("los-angeles", (*TO_SPONSOR, _S.SPONSORED), signed=38),
    Running("chicago", TO_COMMITTEE, signed=27),
    Running("new-york", TO_MEETING, signed=44),
    Running("boston", TO_FILED, signed=12),
    Running("seattle", TO_FINAL, signed=19),
    Running("denver", TO_MAYOR, signed=15),
    Running("portland", TO_OFFICE, PROCLAMATION, Instrument.PROCLAMATION, signed=9),
    Running("minneapolis", (*TO_COMMITTEE, _S.DEFERRED), signed=7),
    Running("austin", (_S.DRAFTING,), signed=3),
    Running("madison", (), private=True),
    Running("phoenix", (*TO_SPONSOR, _S.DORMANT)),
    Running("chicago", (*TO_MAYOR, _S.VETOED), PEACE, signed=22),
    Running("seattle", (*TO_FINAL, _S.TRANSMITTED), PEACE, signed=11),
    Running("denver", (*TO_FINAL, _S.TRANSMITTED, _S.COMPLETED), PEACE, signed=14),
    Running("austin", (*TO_MEETING, _S.FAILED), PEACE, signed=6),
    Running("boston", (*TO_FILED, _S.WITHDRAWN), PEACE),
    Running("new-york", (*TO_OFFICE, _S.FINAL), PROCLAMATION, Instrument.PROCLAMATION, signed=8),
    Running("denver", (*TO_OFFICE, _S.DECLINED), PROCLAMATION, Instrument.PROCLAMATION),
    Running("minneapolis", (*TO_COMMITTEE, _S.REPORTED), PEACE, signed=4),
)
