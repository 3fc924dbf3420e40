"""All rooms of this folder, so that the application finds their views on one blueprint."""

from __future__ import annotations

from app.digests import (
    announcement_kind,
    announcement_views,
    approvals,
    archive_views,
    audience_views,
    draft_views,
    hearing,
    issue_views,
    item_views,
    kind,
    letter_sending_views,
    preview_views,
    quiet_kind,
    quiet_views,
    report_views,
    section_views,
    sending_views,
    series_views,
    subject_views,
    welcome,
)
from app.digests.blueprint import blueprint

ROOMS = (
    announcement_kind,
    announcement_views,
    approvals,
    archive_views,
    audience_views,
    draft_views,
    hearing,
    issue_views,
    item_views,
    kind,
    letter_sending_views,
    preview_views,
    quiet_kind,
    quiet_views,
    report_views,
    section_views,
    sending_views,
    series_views,
    subject_views,
    welcome,
)

__all__ = ["ROOMS", "blueprint"]
