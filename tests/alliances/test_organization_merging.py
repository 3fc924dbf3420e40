"""Organizations that are one: found, merged with all that is theirs, and put apart again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances import organization_duplicates as duplicates
from app.alliances import organization_merging as merging
from app.alliances import organization_queries as queries
from app.alliances import organizations, partners
from app.alliances.organization_models import (
    Constituency,
    Organization,
    OrganizationConstituency,
    OrganizationInAlliance,
    OrganizationState,
    Representative,
)
from app.alliances.organization_pair_models import OrganizationMerge, OrganizationPair
from app.alliances.partners import Shared
from app.events.co_host_models import CoHost
from app.foundation import clock
from tests.alliances.organizations import (
    OrganizationFactory,
    OrganizationInAllianceFactory,
    RepresentativeFactory,
)
from tests.factories import AllianceFactory, EventFactory, PersonFactory, staff_member
from tests.signing_in import post, sign_in

PATH = "/staff/organizations/duplicates"


def pairs(db: Session) -> list[tuple[int, int, str]]:
    rows = select(OrganizationPair.first_id, OrganizationPair.second_id, OrganizationPair.likeness)
    return [tuple(row) for row in db.execute(rows.order_by(OrganizationPair.id))]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The League of Women", "league of women, Inc."),
        ("Bar Association of Columbus", "Columbus Bar Assn."),
        ("Café Peace & Justice", "Cafe Peace and Justice"),
        ("U.N.A. Ohio", "UNA Ohio"),
    ],
)
def test_a_name_is_the_same_without_what_people_leave_out(one: str, other: str) -> None:
    assert duplicates.plain_name(one) == duplicates.plain_name(other)


@pytest.mark.parametrize(
    ("website", "site"),
    [
        ("https://www.example.org/about", "example.org"),
        ("example.org", "example.org"),
        ("http://Chapter.Example.org:8080", "chapter.example.org"),
        ("https://facebook.com/ours", ""),
        ("https://ours.wordpress.com/", ""),
        ("none", ""),
        ("", ""),
        ("https://[oops", ""),
    ],
)
def test_the_site_of_an_address(website: str, site: str) -> None:
    assert duplicates.site_of(website) == site


def test_pairs_are_found_once_by_name_website_and_domain(db: Session) -> None:
    league = OrganizationFactory(name="The League", website="https://league.example.org")
    twin = OrganizationFactory(name="League, Inc.")
    site = OrganizationFactory(name="Somebody", website="http://www.league.example.org/x")
    mail = OrganizationFactory(name="Else")
    RepresentativeFactory(
        organization=mail, person=PersonFactory(address__email="ana@league.example.org")
    )
    OrganizationFactory(name="Third", website="https://facebook.com/league")
    OrganizationFactory(name="Fourth", website="https://facebook.com/league")

    assert duplicates.find() == 3
    assert pairs(db) == [
        (league.id, twin.id, "name"),
        (league.id, site.id, "website"),
        (site.id, mail.id, "email_domain"),
    ]
    duplicates.are_different(duplicates.open_pairs()[0])
    assert duplicates.find() == 0


def test_chapters_share_a_website_without_being_one(db: Session) -> None:
    site = "https://league.example.org"
    parent = OrganizationFactory(name="League", website=site)
    OrganizationFactory(name="League of Ohio", website=site, chapter_of_id=parent.id)
    OrganizationFactory(name="League of Iowa", website=site, chapter_of_id=parent.id)

    assert duplicates.find() == 0


def test_a_domain_that_many_share_is_a_providers(db: Session) -> None:
    for number in range(6):
        OrganizationFactory(name=f"Club {number}", website=f"https://webhost.example.com/{number}")

    assert duplicates.find() == 0


@pytest.fixture
def both(db: Session) -> tuple[Organization, Organization]:
    """A prospect in one alliance, and a member with people, alliances, events and more."""
    kept = OrganizationFactory(
        name="League", slug="league", state=OrganizationState.PROSPECT, listed=False, website=""
    )
    gone = OrganizationFactory(name="The League", slug="the-league", website="https://e.org")
    shared, other = AllianceFactory(), AllianceFactory()
    today = clock.today()
    for organization in (kept, gone):
        OrganizationInAllianceFactory(alliance=shared, organization=organization, since=today)
        organizations.set_constituencies(organization, [Constituency.BAR])
    OrganizationInAllianceFactory(alliance=other, organization=gone, since=today)
    organizations.set_constituencies(gone, [Constituency.BAR, Constituency.FAITH])
    RepresentativeFactory(organization=gone, person=PersonFactory(name="Ana"))
    db.add(CoHost(event_id=EventFactory().id, organization_id=gone.id, invited_at=clock.now()))
    OrganizationFactory(name="Chapter", chapter_of_id=gone.id)
    db.flush()
    return kept, gone


def belongings(db: Session, organization: Organization) -> list[int]:
    """How many alliances, people, events, constituencies and chapters it has."""
    counted = []
    for column in (
        OrganizationInAlliance.organization_id,
        Representative.organization_id,
        CoHost.organization_id,
        OrganizationConstituency.organization_id,
        Organization.chapter_of_id,
    ):
        query = select(func.count()).where(column == organization.id)
        counted.append(db.scalar(query) or 0)
    return counted


def test_a_merge_moves_everything_and_undoing_puts_it_back(
    db: Session, both: tuple[Organization, Organization]
) -> None:
    kept, gone = both
    before = [belongings(db, each) for each in both]
    assert before == [[1, 0, 0, 1, 0], [2, 1, 1, 2, 1]]

    record = merging.merge(kept, gone, by=None)

    assert [belongings(db, each) for each in both] == [[2, 1, 1, 2, 1], [0, 0, 0, 0, 0]]
    assert (kept.state, kept.listed, kept.website) == ("member", True, "https://e.org")
    assert (gone.listed, gone.merged_into_id) == (False, kept.id)
    assert gone.id not in [each.id for each in db.scalars(queries.known())]

    assert merging.undo(record) == 0
    assert [belongings(db, each) for each in both] == before
    assert (kept.state, kept.listed, kept.website) == ("prospect", False, "")
    assert (gone.listed, gone.merged_into_id) == (True, None)
    with pytest.raises(merging.NotToUndo):
        merging.undo(record)


def test_what_happened_since_stays_with_the_one_that_was_kept(
    db: Session, both: tuple[Organization, Organization]
) -> None:
    kept, gone = both
    record = merging.merge(kept, gone, by=None)
    [ana] = queries.representatives(kept.id)
    ana.until = clock.today() + timedelta(days=30)
    RepresentativeFactory(organization=kept, person=PersonFactory(name="Ben"))
    kept.website = "https://new.example.org"
    db.flush()

    assert merging.undo(record) == 1
    assert [each.person.name for each in queries.representatives(kept.id)] == ["Ben"]
    assert [each.person.name for each in queries.representatives(gone.id)] == ["Ana"]
    assert kept.website == "https://new.example.org"


def test_what_went_into_another_is_not_merged_again_and_not_undone_out_of_order(
    db: Session, both: tuple[Organization, Organization]
) -> None:
    kept, gone = both
    third = OrganizationFactory()
    first = merging.merge(kept, gone, by=None)
    for one, other in ((kept, gone), (third, gone), (kept, kept)):
        with pytest.raises(merging.NotToMerge):
            merging.merge(one, other, by=None)
    second = merging.merge(third, kept, by=None)
    assert gone.merged_into_id == kept.id
    merging.undo(second)
    assert merging.undo(first) == 0


def test_whoever_is_erased_is_not_kept_in_a_merge(
    db: Session, both: tuple[Organization, Organization]
) -> None:
    record = merging.merge(*both, by=None)
    [ana] = queries.representatives(both[0].id)
    erasure.erase(ana.person)
    db.refresh(record)

    assert record.moved == {}
    with pytest.raises(merging.NotToUndo):
        merging.undo(record)


def test_a_merge_keeps_no_name_of_whoever_wrote_an_item_of_the_organization(
    db: Session, both: tuple[Organization, Organization]
) -> None:
    ana = PersonFactory(name="Ana Onlyhere")
    told = Shared("A paper of Ana Onlyhere", "", "https://e.org", clock.today())
    partners.share(both[1], told, by=ana.id)
    record = merging.merge(*both, by=None)

    erasure.erase(ana)
    db.refresh(record)

    assert record.moved == {}


def test_the_name_of_who_allowed_to_be_named_goes_with_the_person(db: Session) -> None:
    ana, ben = PersonFactory(name="Ana"), PersonFactory(name="Ana")
    theirs, others = (
        OrganizationFactory(authority_by="Ana"),
        OrganizationFactory(authority_by="Ana"),
    )
    RepresentativeFactory(organization=theirs, person=ana)
    RepresentativeFactory(organization=others, person=ben)

    erasure.erase(ana)
    db.expire_all()

    assert (theirs.authority_by, others.authority_by) == ("", "Ana")
    assert theirs.listed


def test_staff_merge_and_undo_on_their_pages(
    client: FlaskClient, db: Session, both: tuple[Organization, Organization]
) -> None:
    assert duplicates.find() == 1
    db.commit()
    [pair] = duplicates.open_pairs()
    sign_in(client, staff_member())

    assert "League, The League" in client.get(PATH).text
    assert "Same name" in client.get(f"{PATH}/{pair.id}").text
    assert post(client, f"{PATH}/{pair.id}/merge", {"keep": "first"}).status_code == 303
    moved = client.get("/organizations/the-league")
    assert (moved.status_code, moved.location) == (301, "/organizations/league")
    refused = post(client, f"{PATH}/{pair.id}/merge", {"keep": "second"})
    assert "organizations-decided" in (refused.location or "")

    page = client.get(PATH).text
    assert "The League went into League" in page
    record = db.scalars(select(OrganizationMerge)).one()
    undo = f"/staff/organizations/merges/{record.id}/undo"
    assert "organizations-unmerged" in (post(client, undo).location or "")
    assert "organizations-not-undone" in (post(client, undo).location or "")
    assert client.get("/organizations/the-league").status_code == 200
    assert post(client, f"{PATH}/{pair.id}/different").status_code == 303
    assert "No duplicates" in client.get(PATH).text


def test_only_staff_see_them(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory())

    assert client.get(PATH).status_code == 403
    assert post(client, f"{PATH}/1/merge").status_code == 403
