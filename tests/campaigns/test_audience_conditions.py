"""Readers chosen by the resolutions to which they added their name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import signing
from app.campaigns.audience_conditions import SignedForm
from app.campaigns.stages import Stage
from app.campaigns.support_models import Signature, SignatureState
from app.foundation.web import Whereas
from app.mail import conditions
from app.people.models import Person
from tests.campaigns.world import campaign
from tests.factories import PersonFactory


def test_signers_are_those_whose_name_stands_confirmed(app: Whereas, db: Session) -> None:
    first = campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, title="Justice Day")
    second = campaign(slug="peace", stage=Stage.SEEKING_SPONSOR, title="Peace Day")
    campaign(slug="alone", stage=Stage.SEEKING_SPONSOR, title="Signed by nobody")
    signed, withdrawn, elsewhere = PersonFactory(), PersonFactory(), PersonFactory()
    for person in (signed, withdrawn):
        signing.sign(first, person, show_name=False)
    signing.sign(second, elsewhere, show_name=True)
    theirs = select(Signature).where(Signature.person_id == withdrawn.id)
    db.scalars(theirs).one().state = SignatureState.WITHDRAWN
    db.flush()
    kind, chosen = conditions.kind_of("signed"), {"campaigns": [first.id]}

    assert set(db.scalars(select(Person.id).where(kind.where(chosen)))) == {signed.id}
    assert [set(db.scalars(query)) for query in kind.people(chosen)] == [{signed.id}]
    assert kind.words(chosen) == "added their name to “Justice Day”"
    with app.test_request_context():
        offered = [str(choice.label) for choice in SignedForm().campaigns.choices]
    assert [label.split(",")[0] for label in offered] == ["Peace Day", "Justice Day"]
