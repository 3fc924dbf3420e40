"""What the library writes: a talking point that is used was corrected, a letter wants a writer."""

from __future__ import annotations

from collections.abc import Iterable

from app.foundation import clock
from app.foundation.db import db
from app.foundation.links import absolute, absolute_path
from app.library.models import PointUse, TalkingPoint
from app.library.queries import readers_of
from app.library.reading_models import PressItem
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address, Person


def corrected(point: TalkingPoint, was: str, why: str, uses: Iterable[PointUse]) -> None:
    """To whoever picked the old wording, or to the coordinators where nobody is known."""
    for reader, places in readers_of(uses):
        subject, text, html = outbox.render(
            "library/corrected",
            to_language=reader.language,
            name=reader.name,
            was=was,
            now=point.words,
            why=why,
            places=[
                (use.where, absolute_path(use.path, language=reader.language) if use.path else "")
                for use in places
            ],
            link=absolute("library.point", language=reader.language, key=point.key),
        )
        notice = Notice("library/corrected", subject, text, html, person_id=reader.id)
        if reader.address is not None:
            once = f"point-corrected:{point.id}:{point.revision}:{reader.id}"
            outbox.post(reader.address, notice, once=once)


def letter_assigned(item: PressItem, writer: Person) -> None:
    """To whoever is to write a letter to the editor: what was printed, and what is right."""
    subject, text, html = outbox.render(
        "library/letter",
        to_language=writer.language,
        name=writer.name,
        item=item,
        link=absolute("library.letter", language=writer.language, number=item.id),
    )
    notice = Notice("library/letter", subject, text, html, person_id=writer.id)
    address = db.get(Address, writer.address_id) if writer.address_id else None
    if address is not None:
        once = f"letter:{item.id}:{writer.id}:{clock.now().timestamp()}"
        outbox.post(address, notice, once=once)
