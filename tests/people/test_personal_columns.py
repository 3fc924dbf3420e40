"""Every column that can hold text is either erased with its person or listed here by a human.

A new column that is in neither fails: mark it `info=PERSONAL`, or say below that it is not.
"""

from __future__ import annotations

import pytest
from sqlalchemy import JSON, Column, Enum, String
from sqlalchemy.orm import Session

from app.accounts import erasure, personal
from app.foundation.db import Base
from app.foundation.web import Whereas
from tests.factories import PersonFactory

NOT_PERSONAL = {
    # our own vocabulary, keys and hashes
    *("address.digest", "attempt.kind", "attempt.key_digest", "heartbeat.name"),
    *("audit_entry.area", "audit_entry.action", "audit_entry.detail", "audit_entry.request_id"),
    *("consent.scope", "consent.wording", "consent.channel", "credential.password_hash"),
    *("disclosure.role", "disclosure.what", "sign_in_session.secret_digest"),
    *("email_link.secret_digest", "email_link.code_digest", "email_link.next_url"),
    "email_link.about",
    *("invitation.secret_digest", "membership.how", "suppression.digest", "suppression.masked"),
    *("lane.sender", "lane.provider", "lane.words", "tally.provider"),
    *("bounce.once", "bounce.digest", "bounce.masked", "spent_token.digest"),
    *("mailing.kind", "mailing.once", "message.once", "message.kind", "message.message_id"),
    # the coalition's words about itself, its alliances, events and digests
    *("alliance.slug", "alliance.name", "alliance.description", "alliance.backed_by"),
    *("alliance.zip", "alliance.city", "alliance.state", "alliance.time_zone"),
    *("event.slug", "event.title", "event.description", "event.time_zone", "event.venue"),
    *("event.street", "event.zip", "event.city", "event.us_state", "event.online_link"),
    *("event.accessibility", "event.languages", "event.title_es", "event.description_es"),
    *("event.questions", "shift.title", "shift.title_es"),
    *("to_do.subject", "to_do.key", "to_do.title"),
    "hand_over.moved",
    *("event.access", "event.cancel_reason", "issue.subject", "issue.introduction"),
    *("event.roles", "event.materials", "event.checklist", "edition.materials"),
    "event.past_totals",
    *("edition_answer.reason", "event_series.rule", "event_series.time_zone"),
    *("event_series.skipped", "kit.key", "kit.title", "kit.description", "kit.roles"),
    *("kit.title_es", "kit.description_es"),
    *("kit.materials", "kit.checklist", "kit.questions", "kit.reminders"),
    *("issue.chosen", "saved_audience.name", "saved_audience.chosen"),
    *("subject_test.others", "subject_test.replies"),
    *("mailing.facts", "mailing.title"),
    *("upload.content_type", "upload.sha256"),
    *("arrival.key", "event.reminders", "report_back.story", "report_back.promises"),
    *("report_back.lessons", "report_picture.words", "report_picture.credit"),
    *("mailing.from_name", "mailing.reply_to", "message.from_name", "message.reply_to"),
    *("issue.subject_es", "issue.introduction_es", "issue.sections"),
    "issue.kept",
    *("series.subject", "series.subject_es", "series.sections"),
    *("item.title", "item.title_es", "item.body", "item.body_es", "item.link"),
    *("announcement.subject", "announcement.body"),
    *("announcement.subject_es", "announcement.body_es"),
    *("told.title", "told.title_es", "told.body", "told.body_es", "told.link"),
    # organizations, and what the library knows
    *("organization.slug", "organization.name", "organization.description"),
    *("organization.website", "organization.zip", "organization.city", "organization.us_state"),
    *("organization.authority_title", "organization.decision_note"),
    *("shared_item.title", "shared_item.note", "shared_item.link"),
    *("source.key", "source.title", "source.publisher", "source.url", "source.published"),
    *("source.taken", "recommendation_set.key", "recommendation_set.title"),
    *("recommendation_set.introduction", "recommendation_set.source_key"),
    *("recommendation.code", "recommendation.set_key", "recommendation.title"),
    *("recommendation.summary", "recommendation.section", "recommendation_actor.detail"),
    *("outcome.on", "outcome.note", "outcome.link"),
    *("ask.key", "ask.target", "ask.title", "ask.local_form"),
    *("talking_point.key", "talking_point.claim", "talking_point.words"),
    *("talking_point.source_key", "talking_point.section", "talking_point.link"),
    *("talking_point.tags", "point_wording.words", "point_wording.why"),
    *("point_use.kind", "point_use.where", "point_use.path"),
    *("situation.key", "situation.name", "situation.summary", "situation_step.situation_key"),
    *("situation_step.on", "situation_step.note", "situation_step.link"),
    *("analysis.slug", "analysis.title", "analysis.teaser", "analysis.topics"),
    *("analysis.situation_key", "analysis.source_key", "analysis.as_of", "analysis.link"),
    *("analysis_correction.words", "analysis_attachment.name"),
    *("statement.key", "statement.organization", "statement.officer", "statement.on"),
    *("statement.about", "statement.quotation", "statement.link", "statement.source_key"),
    *("press_item.outlet", "press_item.title", "press_item.link", "press_item.claim"),
    "press_item.correction",
    *("debate.slug", "debate.title", "debate.body", "debate.source_key"),
    *("argument.slug", "argument.title", "argument.summary"),
    *("debate_link.title", "debate_link.url"),
    *("library_entry.key", "library_entry.title", "library_entry.body", "library_entry.path"),
    *("library_entry.as_of", "library_entry.title_words", "library_entry.words"),
    # what staff say of a list that they bring; its rows are personal
    *("import_run.file_name", "import_run.file_digest", "import_run.encoding"),
    *("import_run.headings", "import_run.columns", "import_run.language"),
    *("import_run.consent_source", "import_run.consent_wording", "import_run.not_approved"),
    # reference
    *("observance.key", "observance.name", "observance.short_name", "observance.also_known_as"),
    *("observance.source", "edition.observance_key", "place.zip", "place.city", "place.state"),
    *("place.county", "place.time_zone"),
    # councils and boards, and what is public about the officials who sit in them
    *("division.id", "division.name", "division.sought", "division.state", "division.county"),
    *("division.kind", "division_alias.id", "division_alias.division_id"),
    *("body.slug", "body.name", "body.division_id", "body.resolution_word", "body.clerk"),
    *("body.clerk_address", "body.clerk_email", "body.clerk_phone", "body.website"),
    *("body.legistar_url", "body.source_url", "body.time_zone", "body.extras"),
    *("body_rule.value", "body_rule.source_url", "body_rule.source_title"),
    *("committee.name", "committee.website", "committee.external_id"),
    *("seat.label", "seat.division_id", "seat_term.name", "seat_term.party", "seat_term.email"),
    *("seat_term.phone", "seat_term.website", "seat_term.external_id"),
    *("meeting.time_zone", "meeting.place", "meeting.agenda_url", "meeting.external_id"),
    *("meeting_pattern.rule", "meeting_pattern.exceptions", "meeting_pattern.recess"),
    "meeting_pattern.source_url",
    *("legislator.id", "legislator.name", "legislator.state", "legislator.party"),
    *("legislator.phone", "legislator.address", "legislator.website", "legislator.contact_form"),
    *("legislator_office.legislator_id", "legislator_office.key", "legislator_office.address"),
    *("legislator_office.city", "legislator_office.state", "legislator_office.zip"),
    "legislator_office.phone",
    # campaigns: the public record of councils, officials and resolutions, and our words about it
    *("measure.slug", "measure.external_id", "measure.title", "measure.about", "measure.session"),
    *("measure.file_number", "measure.stage_on", "measure.own_status", "measure.place"),
    *("measure.us_state", "measure.sought", "measure.next_step", "measure.extras"),
    *("stage_entry.on", "stage_entry.facts", "stage_entry.correction"),
    *("measure_source.title", "measure_source.url", "sponsorship.division_id"),
    *("sponsorship.name", "sponsorship.post", "sponsorship.since"),
    *("sponsorship.words", "sponsorship.words_source"),
    *("vote.part", "vote.on", "vote.counts", "vote.line", "vote.source_url", "seat_word.evidence"),
    *("model_text.slug", "model_text.title", "model_text.source_title", "model_text.source_url"),
    "model_text.about",
    *("text_version.title", "text_version.note", "text_clause.words", "text_clause.source"),
    *("endorsement.authorized_by", "endorsement.authorized_title", "endorsement.evidence"),
    # what organizers wrote of officials and meetings, which erasing one of ours does not touch
    *("visit.legislator_id", "visit.office", "visit.at", "visit.place", "visit.wanted"),
    *("visit.people_met", "visit.answer", "visit.they_promised", "visit.we_promised"),
    *("lobbying_entry.what", "turnout.at", "turnout.place", "turnout.rules"),
    "turnout.sign_up_url",
    *("renewal.reason", "thanks.name", "thanks.how"),
    *("congress_copy.legislator_id", "congress_copy.name", "congress_copy.how"),
    "register_revision.token",
    # too coarse to tell who somebody is; kept for counts
    *("person.state", "person.time_zone", "person.language"),
}


def holds_text(column: Column[object]) -> bool:
    return isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)


def text_columns() -> dict[str, Column[object]]:
    return {
        f"{table.name}.{column.name}": column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if holds_text(column)
    }


def test_each_text_column_is_personal_or_known_not_to_be(app: Whereas) -> None:
    marked = {name for name, column in text_columns().items() if column.info}

    assert set(text_columns()) - marked - NOT_PERSONAL == set()
    assert NOT_PERSONAL - set(text_columns()) == set()
    assert NOT_PERSONAL & marked == set()


@pytest.mark.parametrize("name", ["name", "phone", "zip", "city", "latitude", "longitude"])
def test_erasing_blanks_each_personal_column_of_a_person(db: Session, name: str) -> None:
    person = PersonFactory(phone="+16145550100")
    assert getattr(person, name)

    erasure.erase(person)

    assert not getattr(person, name)
    assert name in {column.name for column in personal.personal_columns(personal.PERSON)}


def test_what_erasing_writes_fits_the_columns(app: Whereas) -> None:
    written = {
        f"{table.name}.{name}": value
        for table in Base.metadata.sorted_tables
        for name, value in personal.blanked(table).items()
    }

    assert written["person.name"] == ""
    assert written["person.phone"] is None
    assert written["message.attachments"] == []
