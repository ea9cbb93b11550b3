"""Wordings, replies, codes and changes of sessions; messages that carry several texts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


BEFORE = ("my_group", "questionnaire", "invitation")
OPEN_STEPS = {"ix_steps_due_next": "due_at", "ix_steps_over_next": "expires_at"}
NOW = (*BEFORE, "details", "stop", "calendar", "new_contact")

FIRST_CAME = """
UPDATE enrolments SET started_at = (
    SELECT MIN(group_sessions.starts_at) FROM marks
    JOIN group_sessions ON group_sessions.id = marks.session_id
    WHERE group_sessions.cohort_id = enrolments.cohort_id
    AND marks.participant_id = enrolments.participant_id
    AND marks.attendance IN ('present', 'late', 'left_early')
)
"""


def upgrade() -> None:
    _links_may_open(NOW)
    _keep_printed_files_here()
    _steps_by_what_is_open()
    op.create_table(
        "personal_codes",
        sa.Column(
            "purpose",
            sa.Enum(
                "my_group",
                "questionnaire",
                "invitation",
                "details",
                "stop",
                "calendar",
                "new_contact",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_codes")),
    )
    with op.batch_alter_table("personal_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personal_codes_row_id"), ["row_id"], unique=False)

    op.create_table(
        "own_changes",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "phone",
                "email",
                "channel",
                "reaching",
                "address",
                "consent",
                "ring_me",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("was", sa.LargeBinary(), nullable=True),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("advice", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_for_a_person", sa.Boolean(), nullable=False),
        sa.Column("is_old_shared", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_own_changes_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_changes")),
    )
    with op.batch_alter_table("own_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_own_changes_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(
            "ix_own_changes_open",
            ["kind", "at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "wordings",
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("together", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
    )
    with op.batch_alter_table("wordings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_wordings_which", ["programme", "template", "language"], unique=False
        )

    op.create_table(
        "replies",
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "by_hand",
                "phone",
                "post",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider_id", sa.String(length=200), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column(
            "wants",
            sa.Enum(
                "stop",
                "start",
                "answer",
                name="wants",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_replies_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("channel", "provider_id", name=op.f("uq_replies_channel_provider_id")),
    )
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_replies_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "session_changes",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("will_be_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people_are_told", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"], name=op.f("fk_session_changes_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_changes")),
    )
    with op.batch_alter_table("session_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_changes_session_id"), ["session_id"], unique=False
        )

    with op.batch_alter_table("cohorts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("caller_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_cohorts_caller_id"), "accounts", ["caller_id"], ["id"]
        )

    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))

    op.execute(FIRST_CAME)
    with op.batch_alter_table("group_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uid", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))

    op.execute(f"UPDATE group_sessions SET uid = {_random_hex()}")
    with op.batch_alter_table("group_sessions", schema=None) as batch_op:
        batch_op.alter_column("uid", existing_type=sa.String(length=32), nullable=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("more", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("address", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("carries", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("wording", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("address_index", sa.String(length=22), nullable=True))
        batch_op.add_column(sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(
            "ix_messages_came_back",
            ["address_index"],
            unique=False,
            sqlite_where=sa.text("came_back_at IS NOT NULL"),
            postgresql_where=sa.text("came_back_at IS NOT NULL"),
        )


def _steps_by_what_is_open() -> None:
    with op.batch_alter_table("steps", schema=None) as batch_op:
        batch_op.drop_index("ix_steps_due_at_expires_at")
        for name, column in OPEN_STEPS.items():
            batch_op.create_index(
                name,
                [column],
                unique=False,
                sqlite_where=sa.text("ended_at IS NULL"),
                postgresql_where=sa.text("ended_at IS NULL"),
            )


def downgrade() -> None:
    with op.batch_alter_table("steps", schema=None) as batch_op:
        for name in OPEN_STEPS:
            batch_op.drop_index(name)
        batch_op.create_index("ix_steps_due_at_expires_at", ["due_at", "expires_at"], unique=False)

    with op.batch_alter_table("renderings", schema=None) as batch_op:
        batch_op.drop_column("content")

    op.execute(
        "DELETE FROM link_generations WHERE purpose NOT IN ('my_group', 'questionnaire', 'invitation')"
    )
    _links_may_open(BEFORE)
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_came_back",
            sqlite_where=sa.text("came_back_at IS NOT NULL"),
            postgresql_where=sa.text("came_back_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_messages_provider_id"))
        batch_op.drop_column("came_back_at")
        batch_op.drop_column("address_index")
        batch_op.drop_column("wording")
        batch_op.drop_column("carries")
        batch_op.drop_column("address")
        batch_op.drop_column("more")

    with op.batch_alter_table("group_sessions", schema=None) as batch_op:
        batch_op.drop_column("sequence")
        batch_op.drop_column("uid")

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_column("started_at")

    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.drop_column("part")

    with op.batch_alter_table("cohorts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cohorts_caller_id"), type_="foreignkey")
        batch_op.drop_column("caller_id")

    with op.batch_alter_table("session_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_changes_session_id"))

    op.drop_table("session_changes")
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_replies_participant_id"))

    op.drop_table("replies")
    with op.batch_alter_table("wordings", schema=None) as batch_op:
        batch_op.drop_index("ix_wordings_which")

    op.drop_table("wordings")
    with op.batch_alter_table("own_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_own_changes_open")
        batch_op.drop_index(batch_op.f("ix_own_changes_participant_id"))

    op.drop_table("own_changes")
    with op.batch_alter_table("personal_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personal_codes_row_id"))

    op.drop_table("personal_codes")


def _keep_printed_files_here() -> None:
    """What was printed into a folder is printed again."""
    op.execute("DELETE FROM renderings")
    with op.batch_alter_table("renderings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("content", sa.LargeBinary(), nullable=False, server_default="")
        )


def _links_may_open(purposes: tuple[str, ...]) -> None:
    words = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("link_generations", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_link_generations_purpose"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_link_generations_purpose"), f"purpose IN ({words})"
        )


def _random_hex() -> str:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return (
        "lower(hex(randomblob(16)))" if is_sqlite else "replace(gen_random_uuid()::text, '-', '')"
    )
