"""The database: one base class, one session for each app context, and who may write.

`db` is the session of the current app context. A request that only reads gets a session that
refuses to flush (without a transaction on PostgreSQL, in a deferred one on SQLite); everything
else begins IMMEDIATE on SQLite, because a deferred transaction that turns to writing fails when
another process writes. Nobody but `app.foundation.edge` commits.

Transactions begin here and not in the drivers: a connection that is handed from writing to reading
and back need not be told each time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

from app.foundation.cursors import Cursor

Statement = TypeVar("Statement")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REST_SECONDS = 1.0
ROOM_KB = 65_536
"""What SQLite may keep of a file in memory while a million rows are written; 2,000 otherwise."""
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
LINE = {"connect_timeout": 5, "tcp_user_timeout": 20_000, **KEEPALIVES}
"""Both ends notice within half a minute that a cable was pulled. By themselves systems take up to
hours, and so long a worker would wait that is back, and others for the rows that it had locked."""
SESSION = {
    "timezone": "UTC",
    "jit": "off",
    "work_mem": "64MB",
    "idle_in_transaction_session_timeout": 60_000,
    "tcp_user_timeout": LINE["tcp_user_timeout"],
    **{f"tcp_{name}": value for name, value in KEEPALIVES.items()},
}
BEGIN = "BEGIN"
BigKey = BigInteger().with_variant(Integer, "sqlite")


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table; constraints are named, so that migrations and answers can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  read once by SQLAlchemy
        datetime: UTCDateTime(),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=30,
            values_callable=lambda choices: [choice.value for choice in choices],
        ),
    }


class WithId:
    """A table with a number of its own."""

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)


PERSONAL: dict[str, str] = {"personal": "blank"}
"""`mapped_column(info=PERSONAL)`: text about a person, which erasing the person blanks."""


class ReadOnly(RuntimeError):
    """Something tried to write where only reading is allowed."""


class Database:
    """The engine of one app, seen twice: once for reading and once for writing."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        if self.engine.dialect.name == "sqlite":
            self.reading, self.writing = self.beginning(BEGIN), self.beginning(f"{BEGIN} IMMEDIATE")
        else:
            self.reading, self.writing = self.engine, self.beginning(BEGIN)

    def beginning(self, words: str) -> Engine:
        """The engine whose transactions begin with these words; by itself each statement is one."""
        engine = self.engine.execution_options()
        engine.dialect = _beginning(self.engine.dialect, words)
        return engine

    def session(self, *, read_only: bool) -> Session:
        session = Session(self.reading if read_only else self.writing, expire_on_commit=False)
        session.info["read_only"] = read_only
        return session


def init_app(app: Flask) -> None:
    app.extensions["database"] = Database(app.config["DATABASE_URL"])
    app.teardown_appcontext(_close)


def _session() -> Session:
    if "session" not in g:
        read_only = has_request_context() and request.method in SAFE_METHODS
        g.session = database().session(read_only=read_only)
    return cast(Session, g.session)


def database() -> Database:
    return cast(Database, current_app.extensions["database"])


db: Session = cast(Session, LocalProxy(cast(Callable[[], Any], _session)))


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()


@event.listens_for(Session, "before_flush")
def _refuse_to_write(session: Session, _context: object, _instances: object) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise ReadOnly("a page that only reads tried to write")


def _engine(raw: str) -> Engine:
    """An engine; with `work_mem` a list of four million people is looked up in memory."""
    url = make_url(raw)
    if url.get_backend_name() == "sqlite":
        return _sqlite(raw)
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=5,
        max_overflow=10,
        connect_args={
            **LINE,
            "cursor_factory": Cursor,
            "options": " ".join(f"-c {name}={value}" for name, value in SESSION.items()),
        },
    )
    _ping_what_rested(engine)
    return engine


def _beginning(dialect: Dialect, words: str) -> Dialect:
    """The same dialect, knowing the same of the server, but for how its transactions begin.

    An event would do, but SQLAlchemy asks an engine with one for others at seven points of each
    statement.
    """

    def do_begin(_self: Dialect, connection: Any) -> None:
        connection.execute(words)

    kind = type(dialect)
    begun = type(kind.__name__, (kind,), {"do_begin": do_begin, "supports_statement_cache": True})
    other: Dialect = object.__new__(begun)
    other.__dict__ = dialect.__dict__
    return other


def _ping_what_rested(engine: Engine) -> None:
    """Ask whether a connection still lives, but for one that was in use a moment ago.

    A question before each page would be half of the statements of most pages.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ping(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - entry.info.get("rests_since", math.inf) < REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool connects anew


def _sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file:
        with suppress(OSError):  # connecting says it, to pages and commands alike
            Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 20, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """On SQLite, let tables be rebuilt or filled in any order, and check every row in the end.

    SQLite rebuilds a table by copying it and dropping the old one, which must not cascade. Foreign
    keys can be switched only outside a transaction, so this is said to the driver.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        dangling = driver.execute("PRAGMA foreign_key_check").fetchall()
        if dangling:
            raise RuntimeError(f"rows were left that refer to nothing: {dangling[:5]}")
    finally:
        connection.rollback()  # what only read is still open, and the switch would not move
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def roomy() -> Iterator[None]:
    """On SQLite, write many rows with more of the file in memory: each page once, not as often
    as it has rows."""
    if is_postgresql():
        yield
        return
    usual = db.execute(text("PRAGMA cache_size")).scalar_one()
    db.execute(text(f"PRAGMA cache_size = -{ROOM_KB}"))
    try:
        yield
    finally:
        db.execute(text(f"PRAGMA cache_size = {usual}"))


def is_postgresql() -> bool:
    return database().engine.dialect.name == "postgresql"


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for statements that need no objects."""
    return cast(Table, model.__table__)


def upsert(table: type[Base] | Table) -> postgresql.Insert:
    """An insert that may say what happens where the row is there already (ON CONFLICT)."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    return cast(postgresql.Insert, insert(table))


def new_numbers(table: Table, count: int) -> Sequence[int]:
    """Numbers for so many new rows, before they are written: asking for those of written rows
    makes one text of them all, which the driver of PostgreSQL reads for longer than it writes.
    """
    if is_postgresql():
        sequence = func.pg_get_serial_sequence(table.name, "id")
        return db.scalars(
            select(func.nextval(sequence)).select_from(func.generate_series(1, count).alias())
        ).all()
    last = db.scalar(select(func.max(table.c.id))) or 0  # nobody else writes meanwhile
    return range(last + 1, last + 1 + count)


def built_once(build: Callable[[], Statement]) -> Callable[[], Statement]:
    """A statement with named values that is built once for each kind of database.

    SQLAlchemy finds its compiled form again at a third of what building it anew costs.
    """
    built: dict[str, Statement] = {}

    @wraps(build)
    def statement() -> Statement:
        dialect = database().engine.dialect.name
        if dialect not in built:
            built[dialect] = build()
        return built[dialect]

    return statement


def clock_there() -> datetime:
    """What the database's own clock says."""
    if is_postgresql():
        return cast(datetime, db.execute(text("SELECT clock_timestamp()")).scalar_one())
    told = db.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


def answers() -> bool:
    """Whether the database answers; for /readyz."""
    return bool(db.execute(text("SELECT 1")).scalar() == 1)
