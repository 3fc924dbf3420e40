"""What is still open in a text: the desk points it out, and the public reads a blank."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import texts
from app.campaigns.clauses import Clause, ClauseKind
from tests.campaigns.world import campaign
from tests.factories import coordinator_of
from tests.signing_in import sign_in


def test_the_public_never_reads_a_slot_in_brackets(client: FlaskClient, db: Session) -> None:
    measure = campaign(slug="day")
    alliance = measure.alliance
    parts = [Clause(ClauseKind.OPERATIVE, "the [Clerk] sends it to Congress")]
    texts.save_version(measure, "For [City]", parts, by_id=None)
    for path in ("/campaigns/day", "/campaigns/day/text.txt"):
        page = client.get(path).text
        assert "the _____ sends it" in page
        assert "For _____" in page
        assert "[Clerk]" not in page
    sign_in(client, coordinator_of(alliance))
    desk = client.get(f"/desk/{alliance.slug}/campaigns/{measure.id}").text
    assert "Still to be filled in: [City], [Clerk]." in desk
