"""Which texts a message left out, and when steps ended."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_out", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_steps_ended", "steps", ["ended_at"])


def downgrade() -> None:
    op.drop_index("ix_steps_ended", "steps")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("left_out")
