"""What somebody of the staff said of two records is not said over by somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.alliances import duplicates, organization_duplicates
from app.alliances.duplicate_models import PairState
from tests.alliances.organizations import OrganizationFactory
from tests.factories import PersonFactory, staff_member
from tests.signing_in import post, sign_in


@pytest.mark.parametrize(
    ("module", "make", "path", "notice"),
    [
        (duplicates, PersonFactory, "/staff/duplicates", "pair-decided"),
        (
            organization_duplicates,
            OrganizationFactory,
            "/staff/organizations/duplicates",
            "organizations-decided",
        ),
    ],
)
def test_what_somebody_said_of_a_pair_is_not_said_over(
    client: FlaskClient, db: Session, module: Any, make: Any, path: str, notice: str
) -> None:
    make(name="Ana Reyes", zip="43215"), make(name="Ana Reyes", zip="43215")
    module.find()
    [pair] = module.open_pairs()
    sign_in(client, staff_member())
    assert post(client, f"{path}/{pair.id}/different").status_code == 303

    answers = [
        client.get(f"{path}/{pair.id}"),
        post(client, f"{path}/{pair.id}/merge", {"keep": "first"}),
        post(client, f"{path}/{pair.id}/different"),
    ]

    assert [notice in (answer.location or "") for answer in answers] == [True] * 3
    assert "decided about these two already" in client.get(answers[0].location or "").text
    db.refresh(pair)
    assert pair.state == PairState.DIFFERENT
