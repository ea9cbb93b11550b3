"""Every column says whose it is and who reads it; personal text is sealed; instants are in UTC."""

import pytest
from sqlalchemy import DateTime, String, Text

from programme.app import create_app
from programme.foundation.database import Kind, Record, UTCDateTime, db, facts_of
from programme.foundation.sealing import Sealed, SealedBytes

assert create_app  # importing it makes every table known

MODELS = sorted(
    (mapper.class_ for mapper in Record.registry.mappers), key=lambda model: model.__tablename__
)
PERSONAL = {
    "surname", "first_name", "address", "address_lines", "town", "postcode", "phone", "email",
    "notes", "note", "text", "values", "reason_given", "who_must_not_know", "allergies",
}  # fmt: skip
SEALED_KINDS = {Kind.IDENTITY, Kind.CONTACT, Kind.HEALTH}
CLEAR_INDEXES = ("_index", "_digest", "_hash")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_table_declares_its_facts(model: type[Record]) -> None:
    for column in model.__table__.columns:
        facts = facts_of(model, column.key)
        assert all([facts.whose, facts.kind, facts.readers, facts.kept]), column


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_personal_text_is_sealed_in_its_own_place(model: type[Record]) -> None:
    for column in model.__table__.columns:
        facts = facts_of(model, column.key)
        if isinstance(column.type, (Sealed, SealedBytes)):
            assert column.type.place == f"{model.__tablename__}.{column.key}"
            assert facts.kind is not Kind.OPERATIONAL, column
        elif isinstance(column.type, (String, Text)):
            assert column.key not in PERSONAL, column
            assert column.key.endswith(CLEAR_INDEXES) or facts.kind not in SEALED_KINDS, column


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_instant_is_stored_in_utc(model: type[Record]) -> None:
    for column in model.__table__.columns:
        assert not isinstance(column.type, DateTime), f"{column}: use UTCDateTime"
        if column.key == "at" or (column.key.endswith("_at") and column.key != "last_code_at"):
            assert isinstance(column.type, UTCDateTime), column


def test_tables_are_known() -> None:
    assert len(db.metadata.tables) >= 30
