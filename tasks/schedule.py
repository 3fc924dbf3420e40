"""What beat wakes, and how often. Every tick is harmless when doubled or late."""

from __future__ import annotations

from typing import Any

HOUR = 3600.0


def entries(sweep_seconds: float) -> dict[str, dict[str, Any]]:
    """The beat's schedule; a tick that was not taken before the next one is dropped."""

    def every(task: str, seconds: float) -> dict[str, Any]:
        return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1.0)}}

    return {
        "due mail": every("mail.sweep", sweep_seconds),
        "digests": every("digests.sweep", min(sweep_seconds * 6, HOUR)),
        "quiet alliances": every("digests.look_for_quiet", HOUR),
        "to-dos": every("work.sweep", min(sweep_seconds * 6, HOUR)),
        "held seats": every("events.sweep", min(sweep_seconds * 6, HOUR)),
        "approvals": every("accounts.approvals", min(sweep_seconds * 60, HOUR)),
        "old secrets": every("accounts.sweep", HOUR),
        "old wishes": every("alliances.sweep", HOUR),
        "duplicates": every("alliances.find_duplicates", HOUR),
        "returned mail": every("mail.read_bounces", min(sweep_seconds * 6, HOUR)),
        "backups": every("upkeep.sweep", min(sweep_seconds * 6, HOUR)),
        "imports": every("moving.sweep", min(sweep_seconds * 6, HOUR)),
        "replies": every("mail.read_replies", min(sweep_seconds * 6, HOUR)),
        "old mail": every("mail.tidy", HOUR),
    }
