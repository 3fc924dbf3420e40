"""What a lower domain announces to higher ones, which it does not know."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

person_confirmed = _signals.signal("person-confirmed")
"""A person pressed the button of a confirmation; sent with the person, keyword `about`: the wish
that the mail told of (`event:7`, `alliance:columbus`), which alone becomes real."""

address_confirmed = _signals.signal("address-confirmed")
"""The owner of an address proved it is theirs; sent with the person."""

person_leaving = _signals.signal("person-leaving")
"""A person's data will be erased in a moment: for what is found only by what still ties them."""

person_erased = _signals.signal("person-erased")
"""A person's data is being erased; each domain scrubs its own tables."""

person_merged = _signals.signal("person-merged")
"""Two records are one person: sent with `from_id`, keyword `into_id`; move what belongs to it."""

join_asked = _signals.signal("join-asked")
"""Somebody asks to join an alliance: sent with the person, keyword `alliance_slug`.

Keep the wish pending, whatever the person's standing: only `person_confirmed` makes it real, since
until then nobody has proved that the person asked.
"""

mailing_started = _signals.signal("mailing-started")
"""A mailing is being expanded; sent with it, in that transaction: what it says is fixed now."""

edition_opened = _signals.signal("edition-opened")
"""The call of one year of an observance goes out to the alliances: sent with the edition, keyword
`alliance_ids`: those that are called just now. Whoever hears it drafts what each did last time."""

coordination_handed_over = _signals.signal("coordination-handed-over")
"""Somebody coordinates an alliance in another's place: sent with the hand-over (`alliance_id`,
`from_id`, `into_id`); each domain moves what the one owed there and answers how much of what."""

staff_acted = _signals.signal("staff-acted")
"""Staff did something below the domain that keeps the audit: sent with the area, keywords `action`,
`object_id` and numbers; never anybody's data."""
