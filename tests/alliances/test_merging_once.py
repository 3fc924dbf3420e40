"""Of two who decide about the same records, one is heard; merges are undone once, and in order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances import merging, organization_merging
from app.alliances.duplicate_models import PersonMerge
from app.alliances.organization_models import Organization
from app.alliances.organization_pair_models import OrganizationMerge
from app.foundation.web import Whereas
from app.people.models import Person, Standing
from tests.alliances.at_once import at_once, merges
from tests.alliances.organizations import OrganizationFactory
from tests.factories import PersonFactory


def test_of_two_who_merge_people_the_other_way_round_one_is_heard(
    app: Whereas, db: Session
) -> None:
    ana, other = PersonFactory().id, PersonFactory().id
    db.commit()

    done = at_once(
        app,
        merges(merging, Person, ana, other),
        merges(merging, Person, other, ana),
        merges(merging, Person, ana, other),
    )

    assert done == 1
    record = db.scalars(select(PersonMerge)).one()
    assert db.get_one(Person, record.kept_id).standing == Standing.ACTIVE
    assert db.get_one(Person, record.gone_id).standing == Standing.DISABLED


def test_of_two_who_merge_organizations_the_other_way_round_one_is_heard(
    app: Whereas, db: Session
) -> None:
    league, other = OrganizationFactory().id, OrganizationFactory().id
    db.commit()

    done = at_once(
        app,
        merges(organization_merging, Organization, league, other),
        merges(organization_merging, Organization, other, league),
    )

    assert done == 1
    record = db.scalars(select(OrganizationMerge)).one()
    assert db.get_one(Organization, record.kept_id).merged_into_id is None
    assert db.get_one(Organization, record.gone_id).merged_into_id == record.kept_id


@pytest.mark.parametrize(
    ("module", "model", "make", "recorded"),
    [
        (merging, Person, PersonFactory, PersonMerge),
        (organization_merging, Organization, OrganizationFactory, OrganizationMerge),
    ],
)
def test_a_merge_is_undone_once(
    app: Whereas, db: Session, module: Any, model: Any, make: Any, recorded: Any
) -> None:
    number = module.merge(make(), make(), by=None).id
    db.commit()

    def undo(session: Session) -> None:
        module.undo(session.get_one(recorded, number))

    assert at_once(app, undo, undo) == 1


def test_who_went_into_another_record_is_not_merged_and_a_later_merge_is_undone_first(
    db: Session,
) -> None:
    kept, gone, third = PersonFactory(), PersonFactory(), PersonFactory()
    first = merging.merge(kept, gone, by=None)
    for one, other in ((gone, kept), (kept, gone), (third, gone), (gone, third)):
        with pytest.raises(merging.NotToMerge):
            merging.merge(one, other, by=None)
    second = merging.merge(third, kept, by=None)
    with pytest.raises(merging.NotToUndo):
        merging.undo(first)

    merging.undo(second)
    merging.undo(first)

    assert {each.standing for each in (kept, gone, third)} == {Standing.ACTIVE}


def test_an_organization_of_a_later_merge_is_given_back_only_after_it(db: Session) -> None:
    kept, gone, third = OrganizationFactory(), OrganizationFactory(), OrganizationFactory()
    first = organization_merging.merge(kept, gone, by=None)
    second = organization_merging.merge(third, kept, by=None)
    with pytest.raises(organization_merging.NotToUndo):
        organization_merging.undo(first)

    organization_merging.undo(second)
    organization_merging.undo(first)

    assert (kept.merged_into_id, gone.merged_into_id) == (None, None)
