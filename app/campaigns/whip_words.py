"""How pages say what seats said, how sure that is, and what does not fit in a vote."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.campaigns.standing import Heard, Level
from app.campaigns.votes import Choice, Doubt, NoSeat

LEVELS = {
    Level.YES: _l("Yes"),
    Level.LEANING_YES: _l("Leaning yes"),
    Level.UNDECIDED: _l("Undecided"),
    Level.LEANING_NO: _l("Leaning no"),
    Level.NO: _l("No"),
    Level.UNKNOWN: _l("We do not know"),
}
HEARD = {
    Heard.PUBLIC: _l("They said it in public"),
    Heard.WRITING: _l("We have it in writing"),
    Heard.TWO_PEOPLE: _l("Two of us heard it"),
    Heard.ONE_PERSON: _l("One of us heard it"),
    Heard.HEARSAY: _l("Somebody told us"),
}
CLASSES = {
    Level.YES: "y",
    Level.LEANING_YES: "ly",
    Level.UNDECIDED: "",
    Level.LEANING_NO: "ln",
    Level.NO: "n",
    Level.UNKNOWN: "",
}
"""How the row of seats draws each level."""
CHOICES = {
    Choice.YES: _l("Yes"),
    Choice.NO: _l("No"),
    Choice.ABSENT: _l("Absent"),
    Choice.ABSTAIN: _l("Abstained"),
    Choice.NOT_VOTING: _l("Not voting"),
    Choice.PAIRED: _l("Paired"),
    Choice.EXCUSED: _l("Excused"),
    Choice.OTHER: _l("Other"),
}
DOUBTS = {
    Doubt.TOO_MANY: _l("More votes than the council has seats."),
    Doubt.TOO_FEW: _l("Fewer votes than seats: somebody is missing, or a seat is vacant."),
    Doubt.ROLL_CALL_DIFFERS: _l("The names and the numbers do not agree."),
    Doubt.NOT_ENOUGH: _l("It is said to have passed, but has too few votes for that."),
    Doubt.ENOUGH: _l("It is said to have failed, but has enough votes to pass."),
}


def no_seat(error: NoSeat) -> str:
    """Which names of a roll call stand for no seat, for one of several, or for one twice."""
    said = (
        (error.strangers, _l("Nobody called %(names)s holds a seat.")),
        (error.shared, _l("Several people are called %(names)s: write their first names, too.")),
        (error.twice, _l("Named twice: %(names)s.")),
    )
    return " ".join(str(words) % {"names": ", ".join(names)} for names, words in said if names)
