"""Forms of councils: what is known of one, its rules, meetings and committees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.form import BaseForm
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

from app.campaigns import council_words as words
from app.campaigns import divisions, past_days, patterns, rule_words, rules
from app.campaigns.body_models import (
    Body,
    BodyKind,
    BodyRule,
    Committee,
    MeetingKind,
    MeetingPattern,
    RuleKey,
)
from app.campaigns.council_actions import About, Rhythm, Source
from app.campaigns.place_models import Division
from app.events.forms import ZONES
from app.foundation import clock, text
from app.foundation.forms import (
    NO_DAY,
    BooleanField,
    DateField,
    Field,
    FilterForm,
    Form,
    Input,
    InputRequired,
    Optional,
    SelectField,
    ValidationError,
    WholeNumber,
    choices,
    clock_field,
    email_field,
    line,
    lines,
    typed,
    wall_time,
)

NO_PLACE = _l("Please search for the place first.")
LONGEST_LINK = 500


class DivisionField(StringField):
    """A jurisdiction by its id; `division` is what was found."""

    division: Division | None = None

    def pre_validate(self, form: BaseForm) -> None:
        raw = (self.data or "").strip()
        if not raw:
            return
        try:
            self.division = divisions.division(raw)
        except divisions.MalformedDivision:
            raise ValidationError(
                _("This is not written like an id of a place: ocd-division/country:us/…")
            ) from None
        except divisions.UnknownDivision:
            raise ValidationError(_("We know no place with this id.")) from None


def day_field(label: Any, *, required: bool = False, **more: Any) -> DateField:
    return DateField(label, validators=[InputRequired(NO_DAY) if required else Optional()], **more)


class LinkField(StringField):
    """The address of a page on the web."""

    widget = Input()

    def pre_validate(self, form: BaseForm) -> None:
        if not self.data:
            return
        try:
            parts = urlsplit(self.data)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValidationError(_("Please give a link that begins with https://"))


def link_field(label: Any, hint: Any = "") -> LinkField:
    return LinkField(
        label,
        filters=[lambda raw: raw and text.one_line(raw)],
        validators=[Optional(), Length(max=LONGEST_LINK)],
        description=hint,
        render_kw={"maxlength": LONGEST_LINK, "type": "url"},
    )


class CouncilForm(Form):
    """What is known of a council besides its rules."""

    name = line(_l("Name"), most=120)
    kind = SelectField(_l("Kind"), choices=choices(words.KINDS.items()))
    time_zone = SelectField(_l("Time zone"), choices=choices((zone, zone) for zone in ZONES))
    members = WholeNumber(
        _l("Number of members"),
        validators=[Optional(), NumberRange(1, 1_000)],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )
    resolution_word = line(
        _l("Its own word for a resolution"),
        required=False,
        most=60,
        hint=_l("Such as: memorial, order, ceremonial resolution."),
    )
    clerk = line(_l("The clerk's office"), required=False, most=120)
    clerk_address = line(_l("Address"), required=False)
    clerk_email = email_field(_l("E-mail"), required=False)
    clerk_phone = line(_l("Phone"), required=False, most=40, type="tel")
    website = link_field(_l("Website"))
    legistar_url = link_field(
        _l("Legistar, if the council uses it"), hint="https://webapi.legistar.com/v1/columbus"
    )

    def about(self) -> About:
        return About(
            name=typed(self.name),
            kind=BodyKind(self.kind.data),
            time_zone=str(self.time_zone.data),
            members=self.members.data,
            resolution_word=typed(self.resolution_word),
            clerk=typed(self.clerk),
            clerk_address=typed(self.clerk_address),
            clerk_email=typed(self.clerk_email),
            clerk_phone=typed(self.clerk_phone),
            website=typed(self.website),
            legistar_url=typed(self.legistar_url),
        )

    @classmethod
    def of(cls, body: Body) -> CouncilForm:
        known = {name: getattr(body, name) for name in About.__dataclass_fields__}
        return cls(**{**known, "kind": body.kind.value})


class PickedField(DivisionField):
    """A jurisdiction that was picked on the page before."""

    widget = HiddenInput()


class NewCouncilForm(CouncilForm):
    """A council at a place that was picked."""

    division = PickedField(_l("Place"), validators=[InputRequired(NO_PLACE)])


class PlaceForm(Form):
    """Another place for a council that is known already."""

    division = PickedField(_l("Place"), validators=[InputRequired(NO_PLACE)])


class SourcedForm(Form):
    """A fact with the page where it stands and the day somebody looked."""

    source_url = link_field(
        _l("Where it is written"), hint=_l("The page or document with this rule.")
    )
    checked_on = day_field(_l("Checked on"), required=True)

    def validate_checked_on(self, field: DateField) -> None:
        if field.data:
            past_days.refuse_ahead(field.data)

    def source(self) -> Source:
        if self.checked_on.data is None:
            raise ValueError("ask for the source of a valid form only")
        return Source(self.checked_on.data, typed(self.source_url))


class RuleForm(SourcedForm):
    """A rule; `rule_form` adds the fields of its kind."""

    source_title = line(
        _l("Name of the source"),
        required=False,
        hint=_l("Without a link, say who told you: the clerk by phone, for example."),
    )

    key: RuleKey
    names: Sequence[str]

    def validate(self, extra_validators: Any = None) -> bool:
        fits: bool = super().validate(extra_validators)
        if self.source_url.data or self.source_title.data:
            return fits
        self.add_error("source_title", _("Please give a link, or the name of the source."))
        return False

    def source(self) -> Source:
        return replace(super().source(), title=typed(self.source_title))

    def value(self) -> rules.Value:
        """Raises WrongRule."""
        raw = {name: self[name].data for name in self.names}
        return rules.read(self.key, raw)


def rule_form(key: RuleKey) -> type[RuleForm]:
    """The form of one kind of rule, with a field for each part of its value."""
    kind = rules.VALUES[key]
    hints = get_type_hints(kind)
    parts = {each.name: _part(each.name, hints[each.name]) for each in fields(kind)}
    made: type[RuleForm] = type("RuleForm", (RuleForm,), {**parts, "key": key, "names": [*parts]})
    return made


def _part(name: str, kind: Any) -> Field:
    label = rule_words.FIELDS[name]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return SelectField(label, choices=choices(rule_words.CHOICES[kind].items()))
    if kind is bool:
        return BooleanField(label)
    if kind is str:
        return line(label, required=False, most=rules.LONGEST_WORDS)
    least, most = rules.LEAST.get(name, 0), rules.MOST[name]
    presence = InputRequired(_l("Please fill this in.")) if kind is int else Optional()
    return WholeNumber(
        label,
        validators=[presence, NumberRange(least, most)],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )


def rule_defaults(key: RuleKey, rule: BodyRule | None) -> Mapping[str, Any]:
    """What the form shows first: the rule that is known, checked today."""
    today = {"checked_on": clock.today()}
    if rule is None:
        kind = rules.VALUES[key]
        given = {name: getattr(kind, name, None) for name in kind.__dataclass_fields__}
        return {**given, **today}
    return {
        **rules.written(rules.read(key, rule.value)),
        "source_url": rule.source_url,
        "source_title": rule.source_title,
        **today,
    }


class RhythmForm(SourcedForm):
    """When a council or a committee meets as a rule."""

    committee = SelectField(_l("Who meets"))
    rule = lines(
        _l("Regular meetings"),
        most=500,
        rows=2,
        hint=_l(
            "Such as: second and fourth Tuesday 10:00. Or: every Monday 6:30 pm except August. "
            "A line for each rhythm. "
            "On federal holidays we expect none: enter one that is held."
        ),
    )
    exceptions = lines(
        _l("Days without a meeting"),
        most=2_000,
        rows=3,
        hint=_l("A day on each line, such as 2027-08-10."),
    )
    recess = lines(
        _l("Recess"),
        most=2_000,
        rows=3,
        hint=_l("A line for each: 2027-07-01/2027-08-10, or 07-01/08-10 for every year."),
    )

    def validate_rule(self, field: Field) -> None:
        try:
            patterns.read(field.data or "")
        except patterns.UnreadablePattern as refusal:
            raise ValidationError(
                _(
                    "We do not understand “%(word)s”. Try: second and fourth Tuesday 10:00",
                    word=str(refusal),
                )
            ) from None

    def validate_exceptions(self, field: Field) -> None:
        for raw in _split(field):
            try:
                date.fromisoformat(raw)
            except ValueError:
                raise ValidationError(
                    _("There is no day %(day)s. Write it like 2027-07-05.", day=raw)
                ) from None

    def validate_recess(self, field: Field) -> None:
        for raw in _split(field):
            try:
                patterns.span(raw)
            except patterns.UnreadableSpan:
                raise ValidationError(
                    _("We cannot read %(span)s. Write it like 07-01/08-10.", span=raw)
                ) from None

    def offer(self, committees: Sequence[Committee]) -> None:
        self.committee.choices = committee_choices(committees)

    def rhythm(self) -> Rhythm:
        return Rhythm(typed(self.rule), _split(self.exceptions), _split(self.recess))

    @staticmethod
    def shown(pattern: MeetingPattern | None) -> Mapping[str, Any]:
        if pattern is None:
            return {"checked_on": clock.today()}
        return {
            "committee": str(pattern.committee_id or ""),
            "rule": pattern.rule,
            "exceptions": "\n".join(pattern.exceptions),
            "recess": "\n".join(pattern.recess),
            "source_url": pattern.source_url,
            "checked_on": clock.today(),
        }


def committee_choices(committees: Sequence[Committee]) -> list[Any]:
    return choices([("", _("The council")), *((each.id, each.name) for each in committees)])


def chosen_committee(field: SelectField, committees: Sequence[Committee]) -> Committee | None:
    return next((each for each in committees if str(each.id) == field.data), None)


def _split(field: Field) -> list[str]:
    return [part.strip() for part in (field.data or "").splitlines() if part.strip()]


class MeetingForm(Form):
    """A meeting on one day, or that there is none."""

    committee = SelectField(_l("Who meets"))
    kind = SelectField(_l("Kind of meeting"), choices=choices(words.MEETINGS.items()))
    date = line(_l("Date"), most=10, type="date", class_="m")
    time = clock_field(_l("Time"), required=True, width="s")
    place = line(_l("Where"), required=False)
    agenda_url = link_field(_l("Agenda"))
    cancelled = BooleanField(_l("It does not take place"))

    def validate_date(self, field: Field) -> None:
        if wall_time(field.data or "", "00:00") is None:
            raise ValidationError(NO_DAY)

    def offer(self, committees: Sequence[Committee]) -> None:
        self.committee.choices = committee_choices(committees)

    def wall_start(self) -> datetime:
        found = wall_time(typed(self.date), typed(self.time))
        if found is None:
            raise ValueError("ask a valid form only")
        return found

    def meeting_kind(self) -> MeetingKind:
        return MeetingKind(self.kind.data)


class CommitteeForm(Form):
    """A committee of a council."""

    name = line(_l("Name of the committee"), most=120)
    website = link_field(_l("Website"))


class DaysForm(FilterForm):
    """The day before which everything must be done."""

    day = day_field(_l("Before this day"), required=True)
