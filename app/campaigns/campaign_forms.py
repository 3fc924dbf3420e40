"""Forms of campaigns: what is decided, the facts of a stage, corrections, sources, texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectFieldBase

from app.campaigns import (
    clauses,
    council_words,
    fact_words,
    partial,
    past_days,
    pursuits,
    stages,
    votes,
)
from app.campaigns import measure_words as words
from app.campaigns.body_models import Body, Instrument
from app.campaigns.fact_words import Asked, Fact
from app.campaigns.measure_models import Measure, SourceKind, Stance
from app.campaigns.past_days import PastForm
from app.campaigns.records import Plan
from app.campaigns.stages import Stage
from app.campaigns.votes import Method
from app.foundation import clock
from app.foundation.forms import (
    NO_DAY,
    REQUIRED,
    BooleanField,
    DataRequired,
    Form,
    Optional,
    SelectField,
    ValidationError,
    check_clock,
    choices,
    line,
    lines,
    typed,
    unknown_day,
)


def day_of(raw: str | None) -> date | None:
    """The day in a text field of a valid form."""
    return date.fromisoformat(raw) if raw else None


def check_day(_form: Form, field: Any) -> None:
    """A whole day of the calendar, written as our pages write it and in no other ISO form."""
    try:
        day = date.fromisoformat(field.data or "").isoformat()
    except ValueError:
        day = ""
    if not day or day != field.data:
        raise ValidationError(str(NO_DAY))


def check_past(form: Form, field: Any) -> None:
    """A whole day that has come."""
    check_day(form, field)
    past_days.check(form, field)


def check_count(form: Form, field: Any) -> None:
    """Let a count pass that can be read, of members or of voters."""
    try:
        votes.parse(field.data or "", of_voters=form.vote_method.data == Method.ELECTORATE)
    except votes.NotAVote:
        raise ValidationError(_("We cannot read a count in this. Try 9-4.")) from None


def check_link(_form: Form, field: Any) -> None:
    if field.data and not is_link(field.data):
        raise ValidationError(_("Please give a link that begins with https://"))


def is_link(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and not set(raw) & set(" <>\"'`\\")
    )


def version_in(field: Any) -> int:
    """The version that a form was opened with; 0 for anything that is not one."""
    raw = str(field.data or "")
    return int(raw) if raw.isdecimal() and len(raw) < 10 else 0


class CampaignForm(Form):
    """What is decided about a campaign."""

    version = HiddenField()
    title = line(_l("Title"), most=200)
    body = SelectField(_l("Who decides"))
    instrument = SelectField(_l("Kind"), choices=choices(words.INSTRUMENTS.items()))
    stance = RadioField(
        _l("What do we want?"),
        default=Stance.SUPPORT.value,
        choices=choices(words.STANCES.items()),
    )
    about = lines(
        _l("What is asked, in your words"), most=4000, rows=5, hint=_l("Everybody reads this.")
    )
    target_on = line(_l("Which day shall it be for?"), required=False, most=10, type="date")
    owner = SelectField(_l("Who looks after it"), validators=[Optional()])
    session = line(_l("Session or year, if you know it"), required=False, most=60)
    file_number = line(_l("File number, if it has one"), required=False, most=60)
    own_status = line(_l("What the council itself calls its state"), required=False, most=120)
    ask = SelectField(
        _l("Which request of the library does it pursue?"),
        validators=[Optional()],
        description=_l("The recommendation's page then tells visitors of this campaign."),
    )
    next_step = line(
        _l("Next step"), required=False, most=160, hint=_l("Empty: what usually comes next.")
    )
    next_due_on = line(_l("By when"), required=False, most=10, type="date")

    def offer(self, bodies: Sequence[Body], people: Mapping[int, str]) -> None:
        self.body.choices = choices(
            (body.id, f"{body.name} ({council_words.place(body.division)})") for body in bodies
        )
        self.ask.choices = choices([("", _("None")), *pursuits.choices()])
        self.owner.choices = choices([("", _("Nobody yet")), *people.items()])

    def validate_target_on(self, field: Any) -> None:
        if field.data:
            check_day(self, field)

    def validate_next_due_on(self, field: Any) -> None:
        if field.data:
            check_day(self, field)

    def tell_of(self, theirs: Measure) -> None:
        """Say beside each field what somebody else saved meanwhile; saving again replaces it."""
        self.form_errors.append(
            _("Somebody changed this campaign meanwhile. Yours is not saved yet: look, save again.")
        )
        for name, saved in defaults_of(theirs).items():
            field = self[name]
            if name != "version" and (field.data or "") != saved:
                field.errors = [_("Saved meanwhile: %(words)s", words=_label_of(field, saved))]
        self.version.data = str(theirs.version)

    def plan(self) -> Plan:
        return Plan(
            title=typed(self.title),
            instrument=Instrument(self.instrument.data),
            stance=Stance(self.stance.data),
            about=typed(self.about),
            session=typed(self.session),
            file_number=typed(self.file_number) or None,
            own_status=typed(self.own_status),
            target_on=day_of(self.target_on.data),
            owner_id=int(self.owner.data) if self.owner.data else None,
            next_step=typed(self.next_step),
            next_due_on=day_of(self.next_due_on.data),
            ask_id=int(self.ask.data) if self.ask.data else None,
        )


def _label_of(field: Any, value: str) -> str:
    """What stands on the page for the value of a field."""
    is_choice = isinstance(field, SelectFieldBase)
    options: Iterable[Any] = field.iter_choices() if is_choice else ()
    labels = {str(option.value): str(option.label) for option in options}
    return labels.get(value, value) or str(_("nothing"))


def defaults_of(measure: Measure) -> dict[str, Any]:
    """The form's fields as a campaign has them."""
    return {
        "version": str(measure.version),
        "title": measure.title,
        "body": str(measure.body_id),
        "instrument": measure.instrument.value,
        "stance": measure.stance.value,
        "about": measure.about,
        "target_on": measure.target_on.isoformat() if measure.target_on else "",
        "owner": str(measure.owner_id or ""),
        "ask": str(measure.ask_id or ""),
        "session": measure.session,
        "file_number": measure.file_number or "",
        "own_status": measure.own_status,
        "next_step": measure.next_step,
        "next_due_on": measure.next_due_on.isoformat() if measure.next_due_on else "",
    }


class FactsForm(PastForm):
    """The facts that one stage needs; its fields come from `facts_form`."""

    version = HiddenField()

    def facts(self) -> Mapping[str, str]:
        return {
            name: str(field.data or "") for name, field in self._fields.items() if name != "version"
        }

    def validate_vote_counts(self, field: Any) -> None:
        check_count(self, field)

    def validate_meeting_zone(self, field: Any) -> None:
        if field.data not in clock.ZONES:
            raise ValidationError(_("We do not know this time zone. Try America/New_York."))

    def validate_deferred_until(self, field: Any) -> None:
        if field.data != "indefinite":
            check_day(self, field)


def facts_form(old: Stage, new: Stage, zone: str, **values: Any) -> FactsForm:
    """The form that asks for exactly what the new stage needs; `zone` is the council's."""
    form: FactsForm = _class_for(new)(**values)
    for fact, fitting in stages.fitting_facts(old, new).items():
        form[fact].choices = choices((value, fact_words.shown(fact, value)) for value in fitting)
    return form.at(zone)


@cache
def _class_for(stage: Stage) -> type[FactsForm]:
    keys = [key for key in stages.FACTS[stage] if key not in stages.FROM_RECORD]
    return type(
        f"{stage.name.title()}Form",
        (FactsForm,),
        {key: _field(fact_words.FACTS[key]) for key in keys},
    )


def _field(fact: Fact) -> Any:
    if fact.asked == Asked.CHOICE:
        return SelectField(
            fact.label,
            choices=choices((fact.options or {}).items()),
            validators=[DataRequired(REQUIRED)],
        )
    if fact.asked == Asked.LINES:
        return lines(fact.label, required=True, most=4000, rows=4, hint=fact.hint)
    most, render, check = _LINES[fact.asked]
    field: Any = line(fact.label, most=most, hint=fact.hint, **render)
    if check is not None:
        field.kwargs["validators"].append(check)
    return field


def _check_number(_form: Form, field: Any) -> None:
    if not (field.data or "").isdecimal():
        raise ValidationError(_("Please type a whole number."))


_LINES: Mapping[Asked, tuple[int, Mapping[str, Any], Any]] = {
    Asked.LINE: (200, {}, None),
    Asked.DAY: (10, {"type": "date", "class_": "m"}, check_day),
    Asked.PAST_DAY: (10, {"type": "date", "class_": "m"}, check_past),
    Asked.TIME: (8, {"type": "time", "class_": "s"}, check_clock),
    Asked.LINK: (500, {"type": "url"}, check_link),
    Asked.NUMBER: (9, {"inputmode": "numeric", "class_": "s"}, _check_number),
}


class CorrectionForm(PastForm):
    """Where a campaign really stands."""

    version = HiddenField()
    stage = SelectField(_l("Where it really stands"), choices=choices(words.STAGES.items()))
    on = line(
        _l("Since when"),
        required=False,
        most=10,
        hint=_l("A day, a month or a year: 2027-07-17, 2027-07 or 2027"),
    )
    reason = lines(_l("Why is this a correction?"), required=True, most=1000, rows=3)

    def validate_on(self, field: Any) -> None:
        if field.data:
            try:
                begins = partial.first_day(partial.checked(field.data))
            except partial.WrongDate:
                raise ValidationError(unknown_day(field.data)) from None
            past_days.refuse_ahead(begins, self.zone)


class SourceForm(Form):
    """Where the record comes from."""

    kind = SelectField(_l("What is it?"), choices=choices(words.SOURCES.items()))
    title = line(_l("Title"), most=200)
    url = line(_l("Link"), most=500, type="url")

    def validate_url(self, field: Any) -> None:
        check_link(self, field)

    def source(self) -> tuple[SourceKind, str, str]:
        return SourceKind(self.kind.data), typed(self.title), typed(self.url)


class TextForm(Form):
    """The whole text of a resolution, one clause after the other."""

    title = line(_l("Title"), most=300)
    words = lines(
        _l("Text"),
        required=True,
        most=20_000,
        rows=18,
        hint=_l(
            "Begin each paragraph with WHEREAS, RESOLVED or BE IT FURTHER RESOLVED. Without such a "
            "word the first becomes a WHEREAS, and any other is put to the one before it."
        ),
    )
    note = line(_l("What changed, if you like"), required=False, most=200)
    adopted = BooleanField(_l("This is the text as it was adopted"))

    def validate_words(self, field: Any) -> None:
        self.parts = clauses.parse(field.data or "")
        if not self.parts:
            raise ValidationError(_("We cannot find a clause in this text."))
        if unknown := clauses.unknown_slots(field.data or ""):
            raise ValidationError(slot_problem(unknown))


def slot_problem(unknown: Sequence[str]) -> str:
    """What is wrong with words in brackets, and what may stand there."""
    return str(
        _(
            "We do not know what to put in the place of %(names)s. These are known: %(known)s.",
            names=", ".join(f"[{name}]" for name in unknown),
            known=", ".join(f"[{name}]" for name in clauses.SLOTS),
        )
    )
