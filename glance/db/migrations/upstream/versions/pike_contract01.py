"""The tables of the artifact repository, which is gone, go too."""

from glance.db.migrations import ensure

revision = 'pike_contract01'
down_revision = 'ocata_contract01'
depends_on = 'pike_expand01'


def upgrade():
    for name in ('artifact_blob_locations', 'artifact_properties',
                 'artifact_blobs', 'artifact_dependencies', 'artifact_tags',
                 'artifacts'):
        ensure.no_table(name)
