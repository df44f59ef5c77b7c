"""What each `glance-manage db` action does, and the options it takes."""

import time
import typing

from glance.cmd import manage_metadefs
from glance.db.connect import engine
from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import own
from glance.db.migrations.upgrade import phases
from glance.db import purge as purging

_CHECK = {None: (0, 'The database is up to date.'),
          'expand': (3, 'The database needs "glance-manage db expand".'),
          'migrate': (4, 'The database needs "glance-manage db migrate".'),
          'contract': (5, 'The database needs "glance-manage db contract".')}
_MAX_ROWS = 2 ** 31 - 1
_SECONDS_OF_DAY = 86400


class Option(typing.NamedTuple):
    name: str
    arguments: dict


class Action(typing.NamedTuple):
    name: str
    run: typing.Callable
    help: str
    options: tuple = ()
    alias: str | None = None


def sync(version=None):
    """`version` is taken for the sake of old scripts; it never mattered."""
    with lock.exclusive() as connection:
        phases.sync(connection)
    print('The database is at %s.' % _versions())


def expand():
    with lock.exclusive() as connection:
        phases.expand(connection)
    print('The database is expanded.')


def migrate():
    with lock.exclusive() as connection:
        rows = phases.migrate(connection)
    print('%d rows converted.' % rows if rows else
          'No row had to be converted.')


def contract():
    with lock.exclusive() as connection:
        phases.contract(connection)
    print('The database is at %s.' % _versions())


def check():
    with engine.reader() as connection:
        status, message = _CHECK[phases.needed(connection)]
    print(message)
    return status


def version():
    """One line for each head."""
    print(_versions(separator='\n') or
          'The database is not under version control.')


def upgrade(version='heads'):
    with lock.exclusive() as connection:
        phases.upgrade(connection, version)
    print('The database is at %s.' % _versions())


def version_control(version='liberty'):
    with lock.exclusive() as connection:
        phases.version_control(connection, version)
    print('The database is taken to be at %s.' % _versions())


def remove_own(force=False, abandon=None):
    with lock.exclusive() as connection:
        if abandon:
            print('Given up: %d pieces of work of the kind %s.' % (
                own.abandon(connection, abandon), abandon))
        own.remove(connection, force)
    print('Our tables and indexes are removed.')


def purge(age_in_days=30, max_rows=100):
    _report(purging.purge(*_bounds(age_in_days, max_rows)))


def purge_images_table(age_in_days=180, max_rows=100):
    _report(purging.purge_images(*_bounds(age_in_days, max_rows)))


def _versions(separator=', '):
    with engine.reader() as connection:
        return separator.join(lineages.current(connection,
                                               lineages.UPSTREAM))


def _bounds(age_in_days, max_rows):
    try:
        age, rows = int(age_in_days), int(max_rows)
    except ValueError:
        raise errors.UpgradeError('Age and rows must be whole numbers.')
    if not 0 <= age <= time.time() // _SECONDS_OF_DAY:
        raise errors.UpgradeError(
            'The age must be from 0 to the days since 1970.')
    if not -1 <= rows <= _MAX_ROWS:
        raise errors.UpgradeError(
            'The number of rows must be from -1 (all) to %d.' % _MAX_ROWS)
    return age, rows


def _report(removed):
    for table, rows in removed.items():
        print('%s: %d rows removed' % (table, rows))


_VERSION = Option('version', {'metavar': 'REVISION'})
_AGE = Option('age_in_days', {'type': int, 'metavar': 'DAYS'})
_ROWS = Option('max_rows', {'type': int, 'metavar': 'ROWS'})
_FORCE = Option('force', {'action': 'store_true'})
_ABANDON = Option('abandon', {
    'metavar': 'KIND', 'help': 'Give up work of this kind, such as '
    'heal_location, that waits and cannot be done any more.'})
_PATH = Option('path', {'metavar': 'PATH'})
_MERGE = tuple(Option(name, {'action': 'store_true'})
               for name in ('merge', 'prefer_new', 'overwrite'))

ACTIONS = (
    Action('sync', sync, 'Make or upgrade the database, in one go.',
           (_VERSION,), 'db_sync'),
    Action('expand', expand, 'Add what the new services need.',
           alias='db_expand'),
    Action('migrate', migrate, 'Convert rows.', alias='db_migrate'),
    Action('contract', contract, 'Remove what only old services needed.',
           alias='db_contract'),
    Action('check', check, 'Tell by the exit status which phase is needed.',
           alias='db_check'),
    Action('version', version, 'Print the revisions the database is at.',
           alias='db_version'),
    Action('upgrade', upgrade, 'Upgrade to a revision, default the last.',
           (_VERSION,), 'db_upgrade'),
    Action('version_control', version_control,
           'Note the revision of a database without one, default liberty.',
           (_VERSION,), 'db_version_control'),
    Action('purge', purge, 'Remove rows deleted long ago, except images.',
           (_AGE, _ROWS)),
    Action('purge_images_table', purge_images_table,
           'Remove images deleted long ago; their ids stay taken.',
           (_AGE, _ROWS)),
    Action('load_metadefs', manage_metadefs.load,
           'Load metadata definitions from a JSON file or a folder of them.',
           (_PATH, *_MERGE), 'db_load_metadefs'),
    Action('unload_metadefs', manage_metadefs.unload,
           'Remove all metadata definitions.', alias='db_unload_metadefs'),
    Action('export_metadefs', manage_metadefs.export,
           'Write all metadata definitions to JSON files in a folder.',
           (_PATH,), 'db_export_metadefs'),
    Action('remove_own', remove_own,
           'Remove our own tables and indexes, for a way back to a service '
           'that does not know them.', (_FORCE, _ABANDON)),
)
