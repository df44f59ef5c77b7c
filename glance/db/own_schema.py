"""Tables of our own, beside the upstream ones and versioned apart from them.

Moments that decide something (leases, retries) are milliseconds since the
epoch by the clock of the database (`glance.db.types.now_ms`), so that hosts
need not agree on the time.
"""

import sqlalchemy as sa

from glance.db import types

metadata = sa.MetaData()

# What has happened, in the order of `seq`, until the relay has sent it.
outbox = sa.Table(
    'outbox', metadata,
    sa.Column('seq', types.BigKey, primary_key=True, autoincrement=True),
    sa.Column('message_id', sa.String(36), nullable=False),
    sa.Column('event_type', sa.String(64), nullable=False),
    sa.Column('priority', sa.String(8), nullable=False),
    sa.Column('payload', types.LongText, nullable=False),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Who holds a duty that only one process of the cluster may have.
leases = sa.Table(
    'leases', metadata,
    sa.Column('name', sa.String(64), primary_key=True),
    sa.Column('holder', sa.String(255), nullable=False),
    sa.Column('until_ms', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# One unit of durable work: an upload under way, bytes to delete, a task. What
# it holds of a project's quota is given back when the row goes.
work = sa.Table(
    'work', metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    sa.Column('kind', sa.String(64), nullable=False),
    sa.Column('image_id', sa.String(36), index=True),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('input', types.LongText, nullable=False),
    sa.Column('progress', types.LongText),
    sa.Column('attempt', sa.Integer, nullable=False),
    sa.Column('lease_owner', sa.String(255)),
    sa.Column('lease_until_ms', sa.BigInteger, nullable=False),
    sa.Column('last_error', sa.Text),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    sa.Column('project_id', types.Exact(255), index=True),
    sa.Column('store_bytes', sa.BigInteger, nullable=False,
              server_default='0'),
    sa.Column('stage_bytes', sa.BigInteger, nullable=False,
              server_default='0'),
    # Only this host can do it, since the data is there; null: any host.
    sa.Column('host', sa.String(255)),
    # Who has caused it, for the log of whoever does it.
    sa.Column('request_id', sa.String(255)),
    sa.Index('ix_work_lease_until_ms', 'lease_until_ms'),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Whoever changes the row of a project judges its quota alone.
project_locks = sa.Table(
    'project_locks', metadata,
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('taken', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4',
    mysql_collate='utf8mb4_bin', mariadb_collate='utf8mb4_bin')

# Images that an API host is to fetch into its cache, in the order of `id`.
cache_queue = sa.Table(
    'cache_queue', metadata,
    sa.Column('id', types.BigKey, primary_key=True, autoincrement=True),
    sa.Column('node_reference_id', sa.BigInteger, nullable=False),
    sa.Column('image_id', sa.String(36), nullable=False),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('node_reference_id', 'image_id',
                        name='uq_cache_queue_node_image'),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Ids of images whose rows are gone. Whoever took one again would be trusted by
# all who know the image that had it.
purged_images = sa.Table(
    'purged_images', metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Images for which data has come and was lost.
broken_uploads = sa.Table(
    'broken_uploads', metadata,
    sa.Column('image_id', sa.String(36), primary_key=True),
    sa.Column('since_ms', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Duties done now and then, once in the cluster: when, by whom, how it went.
duties = sa.Table(
    'duties', metadata,
    sa.Column('name', sa.String(255), primary_key=True),
    sa.Column('attempt', sa.Integer, nullable=False),
    sa.Column('lease_owner', sa.String(255)),
    sa.Column('lease_until_ms', sa.BigInteger, nullable=False),
    sa.Column('due_ms', sa.BigInteger, nullable=False),
    sa.Column('began_ms', sa.BigInteger),
    sa.Column('ended_ms', sa.BigInteger),
    sa.Column('outcome', sa.Text),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# When the data of a location was last read from beginning to end.
audits = sa.Table(
    'audits', metadata,
    sa.Column('location_id', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('audited_ms', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Locations whose data is not what it should be: nobody gets it any more.
bad_locations = sa.Table(
    'bad_locations', metadata,
    sa.Column('location_id', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('image_id', sa.String(36), nullable=False),
    sa.Column('reason', sa.String(16), nullable=False),
    sa.Column('found_ms', sa.BigInteger, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Who uses which image, as it was said; see `glance.db.usage.merging`. The
# image is empty for who rests on none.
image_uses = sa.Table(
    'image_uses', metadata,
    sa.Column('kind', sa.String(16), primary_key=True),
    sa.Column('consumer_id', sa.String(36), primary_key=True),
    sa.Column('image_id', sa.String(36), primary_key=True),
    sa.Column('project_id', types.Exact(255)),
    sa.Column('since_ms', sa.BigInteger, nullable=False),
    sa.Column('seen_ms', sa.BigInteger, nullable=False),
    # When the consumer was said to be gone, and when the use has ended.
    sa.Column('gone_ms', sa.BigInteger),
    sa.Column('until_ms', sa.BigInteger),
    sa.Index('ix_image_uses_image', 'image_id', 'until_ms', 'since_ms',
             'kind', 'consumer_id'),
    sa.Index('ix_image_uses_project', 'image_id', 'project_id', 'until_ms',
             'since_ms', 'kind', 'consumer_id'),
    sa.Index('ix_image_uses_until', 'until_ms'),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# The same as sums: what lists of images are sorted and filtered by. The id is
# as the image has it. Images that nobody has used have a row of zeros, sooner
# or later; see `glance.db.usage.unused`. The row without an image is what
# those lock who change uses.
image_usage = sa.Table(
    'image_usage', metadata,
    sa.Column('image_id', sa.String(36), primary_key=True),
    sa.Column('use_count', sa.Integer, nullable=False),
    sa.Column('last_used_ms', sa.BigInteger, nullable=False),
    sa.Index('ix_image_usage_count', 'use_count', 'image_id'),
    sa.Index('ix_image_usage_last', 'last_used_ms', 'image_id'),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Images that were made before this moment have sums; one row.
usage_filled = sa.Table(
    'usage_filled', metadata,
    sa.Column('id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('until', sa.DateTime, nullable=False),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')

# Writes that have taken effect, by the call id of the caller, so that the
# same call sent again after a lost reply gets the first answer.
calls = sa.Table(
    'calls', metadata,
    sa.Column('call_id', sa.String(36), primary_key=True),
    sa.Column('answer', types.LongText),
    sa.Column('created_ms', sa.BigInteger, nullable=False),
    sa.Index('ix_calls_created_ms', 'created_ms'),
    mysql_engine='InnoDB', mysql_charset='utf8mb4')
