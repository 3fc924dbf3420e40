"""At which revision the public register is."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from app.foundation.db import Base, WithId

THE_ONE = 1


class RegisterRevision(WithId, Base):
    """One row, whose token is another after each transaction that changed a record."""

    __tablename__ = "register_revision"

    token: Mapped[str]
