"""glance-status: is an installation ready for this release, and its files?

`glance-status upgrade check` and `glance-status config check`. Exit status: 0
all checks passed, 1 a warning, 2 a failure, 255 the checks themselves failed.
"""

import os
import sys

# Nothing here waits for anything else.
os.environ.setdefault('GLANCE_CONCURRENCY', 'threading')
from glance import startup  # noqa: E402,F401 isort: skip

from oslo_config import cfg  # noqa: E402
from oslo_db import exception as db_exc  # noqa: E402
from oslo_log import log  # noqa: E402
from oslo_upgradecheck import common_checks  # noqa: E402
from oslo_upgradecheck import upgradecheck  # noqa: E402
import sqlalchemy as sa  # noqa: E402

from glance.conf import commands  # noqa: E402
from glance.conf import CONF  # noqa: E402
from glance.conf import database  # noqa: E402
from glance.rpc import transport  # noqa: E402
from glance.service import checking  # noqa: E402
from glance.service import config_checks  # noqa: E402
from glance.service import program  # noqa: E402

PROG = 'glance-status'
_OPTS = commands.status_opts
_Code = upgradecheck.Code
_SHOWN = 20     # locations
_CANNOT = 255
_NEEDED = {
    'expand': 'run "glance-manage db sync" before the new programs start',
    'migrate': 'run "glance-manage db migrate"',
    'contract': 'run "glance-manage db contract" when no program of an older '
                'release runs any more'}


# Of locations, by the name of what tells them in glance.store.locations.
_UNREADABLE = {
    'unknown': '%d locations are not ones that the stores have made as they '
    'are configured here, so their data would be neither read nor removed. '
    'Name what an earlier configuration has made in former_locations.',
    'refused': '%d locations lead to addresses of web servers that are not '
    'read, see http_readable_addresses.'}


def _unreadable_locations(stores):
    """:returns: {name in _UNREADABLE: [(id of an image, id of the location)]}
    """
    from glance.db.connect import engine
    from glance.db.images import locations as rows
    from glance.store import locations
    found = {name: [] for name in _UNREADABLE}
    with engine.reader() as connection:
        for one in rows.list_all(connection):
            for name in _UNREADABLE:
                if getattr(locations, name)(stores, one):
                    found[name].append((one['image_id'], one['id']))
                    break
    return found


def _counted(text, pairs):
    return '%s The first ones, by image and id: %s.' % (
        text % len(pairs), ', '.join('%s (%d)' % one
                                     for one in pairs[:_SHOWN]))


def _success(details=None):
    return upgradecheck.Result(_Code.SUCCESS, details)


class Checks(upgradecheck.UpgradeCommands):
    """Each check takes the configuration from CONF."""

    def sheepdog(self):
        """Whether a store of this kind has what it needs."""
        from glance.store.drivers.sheepdog import dog
        kinds = list((CONF.enabled_backends or {}).values())
        if 'sheepdog' in kinds + list(CONF.glance_store.stores):
            try:
                dog.find()
            except ImportError as error:
                return upgradecheck.Result(
                    _Code.FAILURE, 'The store of the type sheepdog cannot be '
                    'used: %s. It comes with Sheepdog.' % error)
        return _success()

    def policy_file(self):
        return common_checks.check_policy_json(self, CONF)

    def owner_is_tenant(self):
        if CONF.owner_is_tenant:
            return _success()
        return upgradecheck.Result(
            _Code.FAILURE, 'owner_is_tenant = false is not supported: '
            'images belong to projects. Change the owners in the database '
            'and remove the option.')

    def database(self):
        """Whether the tables are those of this release."""
        from glance.db.connect import engine
        from glance.db.migrations.upgrade import phases
        if not CONF.database.connection:
            return _success('No database is configured here.')
        try:
            with engine.reader() as connection:
                phase = phases.needed(connection)
        except (db_exc.DBError, sa.exc.SQLAlchemyError) as error:
            # The text of the error may hold the URL and its password.
            return upgradecheck.Result(
                _Code.FAILURE, 'The database cannot be read: %s.'
                % type(error).__name__)
        if phase is None:
            return _success()
        return upgradecheck.Result(
            _Code.FAILURE if phase == 'expand' else _Code.WARNING,
            'The database is not up to date: %s.' % _NEEDED[phase])

    def locations(self):
        """Whether all data that is recorded can be read."""
        if not CONF.database.connection:
            return _success('No database is configured here.')
        from glance.store import backends
        try:
            found = _unreadable_locations(backends.load(CONF))
        except RuntimeError as error:
            return upgradecheck.Result(
                _Code.WARNING, 'The locations of images were not looked at: '
                '%s.' % error)
        except (db_exc.DBError, sa.exc.SQLAlchemyError) as error:
            return upgradecheck.Result(
                _Code.FAILURE, 'The database cannot be read: %s.'
                % type(error).__name__)
        details = ' '.join(_counted(_UNREADABLE[name], pairs)
                           for name, pairs in found.items() if pairs)
        return (upgradecheck.Result(_Code.WARNING, details) if details
                else _success())

    def message_bus(self):
        """Who goes without a bus should know."""
        alone = [service for service in ('registry', 'conductor')
                 if transport.hosts_locally(service)]
        if alone:
            return _success(
                'No message bus is configured: each API process runs its '
                'own %s.' % ' and '.join(alone))
        return _success()

    _upgrade_checks = (
        ('Sheepdog Driver Removal', sheepdog),
        ('Policy File JSON to YAML Migration', policy_file),
        ('Config option owner_is_tenant removal', owner_is_tenant),
        ('Database', database),
        ('Locations of images', locations),
        ('Message bus', message_bus))


def _add_parsers(subparsers):
    upgrade = subparsers.add_parser('upgrade')
    upgrade.add_argument('check', choices=['check'])
    upgrade.add_argument('--json', action='store_true',
                         help='Print the results as JSON.')
    upgrade.set_defaults(action_fn=Checks().check)
    config_checks.register_parser(subparsers)


def _look(conf):
    """Before its own checks; those of `config` tell of all at once."""
    return [] if conf.command.name == 'config' else checking.check(conf)


def main():
    log.set_defaults(default_log_levels=['oslo_policy=ERROR'])
    database.register_opts(CONF)
    # Whoever looks wants to know now.
    CONF.set_default('max_retries', 0, group='database')
    # Programs read what it prints.
    CONF.set_default('use_stderr', True)
    CONF.register_opts(_OPTS)
    CONF.register_cli_opt(cfg.SubCommandOpt(
        'command', handler=_add_parsers))
    # Where it looks for --json; its own `main` would parse the arguments.
    upgradecheck.CONF = CONF
    program.configure(sys.argv[1:], PROG, failed=_CANNOT, check=_look)
    sys.exit(upgradecheck.run(CONF))


if __name__ == '__main__':
    main()
