"""School holidays, cover, moves, taps, fidelity, calls and meeting reports."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


HOW = sa.Enum(
    "call",
    "recording",
    "one_to_one",
    name="how",
    native_enum=False,
    create_constraint=True,
    length=40,
)
CALL_OUTCOME = sa.Enum(
    "reached",
    "no_answer",
    "left_message",
    "they_wrote",
    "not_rung",
    name="calloutcome",
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    op.create_table(
        "holiday_calendars",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "nation",
            sa.Enum(
                "ENG",
                "WLS",
                "SCT",
                "NIR",
                name="nation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_calendars")),
        sa.UniqueConstraint("name", name=op.f("uq_holiday_calendars_name")),
    )
    op.create_table(
        "acquaintances",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_acquaintances_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_acquaintances_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquaintances")),
        sa.UniqueConstraint(
            "account_id", "participant_id", name=op.f("uq_acquaintances_account_id_participant_id")
        ),
    )
    with op.batch_alter_table("acquaintances", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_acquaintances_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "aliases",
        sa.Column("name_index", sa.String(length=22), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_aliases_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
        sa.UniqueConstraint(
            "name_index", "participant_id", name=op.f("uq_aliases_name_index_participant_id")
        ),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_aliases_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "call_duties",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_call_duties_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_call_duties_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_call_duties_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_duties")),
        sa.UniqueConstraint(
            "session_id", "participant_id", name=op.f("uq_call_duties_session_id_participant_id")
        ),
    )
    with op.batch_alter_table("call_duties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_duties_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_call_duties_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "cannot_get_in",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helped_by", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_cannot_get_in_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_cannot_get_in_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cannot_get_in")),
    )
    with op.batch_alter_table("cannot_get_in", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cannot_get_in_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_cannot_get_in_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "fidelity_answers",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column(
            "kept",
            sa.Enum(
                "yes",
                "partly",
                "no",
                name="kept",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_fidelity_answers_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_fidelity_answers_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fidelity_answers")),
        sa.UniqueConstraint(
            "session_id",
            "account_id",
            "item",
            name=op.f("uq_fidelity_answers_session_id_account_id_item"),
        ),
    )
    with op.batch_alter_table("fidelity_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fidelity_answers_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "meeting_reports",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_meeting_reports_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_reports")),
        sa.UniqueConstraint(
            "session_id", "digest", name=op.f("uq_meeting_reports_session_id_digest")
        ),
    )
    with op.batch_alter_table("meeting_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_reports_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "taps",
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_taps_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taps")),
        sa.UniqueConstraint("key", name=op.f("uq_taps_key")),
    )
    with op.batch_alter_table("taps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taps_session_id"), ["session_id"], unique=False)

    op.create_table(
        "reported_names",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("intervals", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=False),
        sa.Column(
            "whose",
            sa.Enum(
                "unknown",
                "participant",
                "staff",
                "nobody",
                name="whose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["meeting_reports.id"],
            name=op.f("fk_reported_names_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_names")),
    )
    with op.batch_alter_table("reported_names", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reported_names_report_id"), ["report_id"], unique=False
        )

    op.create_table(
        "reported_people",
        sa.Column("name_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name_id"],
            ["reported_names.id"],
            name=op.f("fk_reported_people_name_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_reported_people_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_people")),
        sa.UniqueConstraint(
            "name_id", "participant_id", name=op.f("uq_reported_people_name_id_participant_id")
        ),
    )
    with op.batch_alter_table("reported_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reported_people_participant_id"), ["participant_id"], unique=False
        )

    with op.batch_alter_table("breaks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_id", sa.Integer(), nullable=True))
        batch_op.alter_column("term_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(batch_op.f("ix_breaks_calendar_id"), ["calendar_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_breaks_calendar_id"), "holiday_calendars", ["calendar_id"], ["id"]
        )
        batch_op.create_check_constraint("one_owner", "(term_id IS NULL) <> (calendar_id IS NULL)")

    with op.batch_alter_table("cohorts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("dial_in", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("code_word", sa.LargeBinary(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_cohorts_calendar_id"), "holiday_calendars", ["calendar_id"], ["id"]
        )

    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("happened_on", sa.Date(), nullable=True))

    with op.batch_alter_table("earlier_marks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("how", HOW, nullable=True))

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("moved_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("join_stopped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolments_moved_to_id"), "enrolments", ["moved_to_id"], ["id"]
        )

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=True))

    with op.batch_alter_table("group_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(length=120), nullable=True))

    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch_op.alter_column("how", existing_type=sa.String(20), type_=HOW)

    with op.batch_alter_table("missed_calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", CALL_OUTCOME, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("missed_calls", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_missed_calls_calloutcome"), type_="check")
        batch_op.drop_column("outcome")

    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.alter_column("how", existing_type=HOW, type_=sa.String(20))
        batch_op.drop_column("minutes")

    with op.batch_alter_table("group_sessions", schema=None) as batch_op:
        batch_op.drop_column("title")

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_column("last_day")
        batch_op.drop_column("first_day")

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolments_moved_to_id"), type_="foreignkey")
        batch_op.drop_column("join_stopped_at")
        batch_op.drop_column("moved_to_id")
        batch_op.drop_column("offer_expires_at")

    with op.batch_alter_table("earlier_marks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_earlier_marks_how"), type_="check")
        batch_op.drop_column("how")

    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.drop_column("happened_on")

    with op.batch_alter_table("cohorts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cohorts_calendar_id"), type_="foreignkey")
        batch_op.drop_column("code_word")
        batch_op.drop_column("dial_in")
        batch_op.drop_column("calendar_id")

    with op.batch_alter_table("breaks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_breaks_one_owner"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_breaks_calendar_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_breaks_calendar_id"))
        batch_op.alter_column("term_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("calendar_id")

    with op.batch_alter_table("reported_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_people_participant_id"))

    op.drop_table("reported_people")
    with op.batch_alter_table("reported_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_names_report_id"))

    op.drop_table("reported_names")
    with op.batch_alter_table("taps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taps_session_id"))

    op.drop_table("taps")
    with op.batch_alter_table("meeting_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_reports_session_id"))

    op.drop_table("meeting_reports")
    with op.batch_alter_table("fidelity_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fidelity_answers_account_id"))

    op.drop_table("fidelity_answers")
    with op.batch_alter_table("cannot_get_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cannot_get_in_session_id"))
        batch_op.drop_index(batch_op.f("ix_cannot_get_in_participant_id"))

    op.drop_table("cannot_get_in")
    with op.batch_alter_table("call_duties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_duties_participant_id"))
        batch_op.drop_index(batch_op.f("ix_call_duties_account_id"))

    op.drop_table("call_duties")
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aliases_participant_id"))

    op.drop_table("aliases")
    with op.batch_alter_table("acquaintances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acquaintances_participant_id"))

    op.drop_table("acquaintances")
    op.drop_table("holiday_calendars")
