"""`flask accounts …`: the first administrator of a new site."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.accounts import links, queries, roles
from app.accounts.models import LinkKind, Role
from app.foundation import clock, edge, language
from app.foundation.links import absolute
from app.people import actions as people
from app.people.models import Person, Standing

group = AppGroup("accounts", help="Accounts of the people who run the site.")


@group.command("create-admin")
@click.argument("email")
@click.argument("name")
def create_admin(email: str, name: str) -> None:
    """Make EMAIL, a person called NAME, an administrator and print a link to sign in.

    Whoever runs this vouches for the address.
    """
    with edge.step():
        person = _confirmed(email, name)
        if not roles.is_administrator(person.id):
            roles.grant(person, Role.ADMIN, since=clock.today(), until=None, by=None)
        address = people.address_for(email)
        issued = links.issue(LinkKind.SIGN_IN, address=address, person=person)
        link = links.url(issued)
        has_staff = bool(queries.staff())
    click.echo(f"{name} <{email}> is an administrator. Sign in within seven days:\n{link}")
    if not has_staff:
        click.echo(f"Then give somebody the role Staff, yourself too: {absolute('accounts.admin')}")


def _confirmed(email: str, name: str) -> Person:
    address, known = people.who_is(email, name)
    person = known or people.new_visitor(name, address, None, language.DEFAULT)
    address.confirmed_at = address.confirmed_at or clock.now()
    person.standing = Standing.ACTIVE
    person.confirmed_at = person.confirmed_at or clock.now()
    return person
