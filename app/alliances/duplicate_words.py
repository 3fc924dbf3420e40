"""Why two records may be one, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.alliances.duplicate_models import Likeness
from app.alliances.organization_pair_models import OrganizationLikeness

LIKE_PEOPLE = {
    Likeness.EMAIL: _l("Same name and e-mail address"),
    Likeness.PHONE: _l("Same phone number"),
    Likeness.NAME_AND_ZIP: _l("Same name and ZIP code"),
}

LIKE_ORGANIZATIONS = {
    OrganizationLikeness.NAME: _l("Same name"),
    OrganizationLikeness.WEBSITE: _l("Same website"),
    OrganizationLikeness.EMAIL_DOMAIN: _l("E-mail addresses or website of the same domain"),
}
