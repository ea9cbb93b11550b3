"""The floor: a bare Flask + SQLAlchemy + SQLite page that lists 12 rows, and nothing else.

Stands by itself: it imports nothing of the product. `FLOOR_DATABASE` names its file.
"""

import os
from typing import Any

import pysqlite3
from flask import Flask, render_template_string
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

ROWS = 12
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
PAGE = """<!doctype html><html lang="en"><title>Rows</title>
<table>{% for row in rows %}<tr><td>{{ row.id }}<td>{{ row.name }}{% endfor %}</table>"""


class Base(DeclarativeBase):
    """The only tables there are."""


class Row(Base):
    """One line of the list."""

    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine(
    f"sqlite:///{os.environ.get('FLOOR_DATABASE', ':memory:')}",
    module=pysqlite3,
    connect_args={"timeout": 10, "check_same_thread": False},
)


@event.listens_for(engine, "connect")
def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(engine, "begin")
def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


app = Flask(__name__)


@app.get("/")
def rows() -> str:
    with Session(engine) as session:
        found = session.scalars(select(Row).order_by(Row.id).limit(ROWS)).all()
        return render_template_string(PAGE, rows=found)


def fill() -> None:
    """Make the table and its rows."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Row(name=f"Row {number}") for number in range(ROWS))
        session.commit()


if __name__ == "__main__":
    fill()
