"""glance-manage: makes, upgrades and cleans the database, cleans the bus,
tries the stores, and asks who uses images.

`glance-manage db ACTION` or, as in old scripts, `glance-manage db_ACTION`;
`glance-manage bus ACTION`, `glance-manage stores check`, `glance-manage usage
sync`.
Exit status: 0 done or nothing to do, 1 failed with a message, 2 usage;
`db check` also 3, 4 and 5 when expand, migrate or contract is needed;
`stores check` 1 when anything is wrong with a store, `usage sync` when a
service has not told of all that it has.
"""

import os
import sys

# Nothing here waits for anything else.
os.environ.setdefault('GLANCE_CONCURRENCY', 'threading')
from glance import startup  # noqa: E402,F401 isort: skip

from alembic.util import exc as alembic_exc  # noqa: E402
from oslo_config import cfg  # noqa: E402
from oslo_db import exception as db_exc  # noqa: E402
import sqlalchemy as sa  # noqa: E402

from glance.cmd import manage_actions  # noqa: E402
from glance.cmd import manage_bus  # noqa: E402
from glance.cmd import manage_stores  # noqa: E402
from glance.cmd import manage_usage  # noqa: E402
from glance.common import exceptions  # noqa: E402
from glance.conf import CONF  # noqa: E402
from glance.conf import errors as conf_errors  # noqa: E402
from glance.db.connect import engine  # noqa: E402
from glance.db.migrations.upgrade import errors  # noqa: E402
from glance.rpc import broker  # noqa: E402
from glance.service import program  # noqa: E402

PROG = 'glance-manage'
_USAGE = 2
_FAILURES = (alembic_exc.CommandError, broker.BrokerError,
             conf_errors.ConfigurationError, db_exc.DBError,
             exceptions.DatabaseUnavailable,
             errors.UpgradeError, sa.exc.SQLAlchemyError, OSError)


def main(argv=None):
    CONF.register_cli_opt(cfg.SubCommandOpt(
        'category', handler=_add_commands, title='Commands'))
    program.configure(sys.argv[1:] if argv is None else argv, PROG)
    try:
        if CONF.category.command in manage_actions.ACTIONS:
            engine.dialect_name()
        sys.exit(_run())
    except _FAILURES as error:
        sys.exit('%s: %s' % (PROG, _reason(error)))


def _add_commands(commands):
    for category, actions in (('db', manage_actions.ACTIONS),
                              ('bus', manage_bus.ACTIONS),
                              ('stores', manage_stores.ACTIONS),
                              ('usage', manage_usage.ACTIONS)):
        _add_category(commands, category, actions)


def _add_category(commands, category, known):
    actions = commands.add_parser(category).add_subparsers(
        dest='action', title='Actions')
    actions.required = True
    for action in known:
        parser = actions.add_parser(action.name, help=action.help)
        for option in action.options:
            parser.add_argument('--' + option.name, dest=option.name,
                                **option.arguments)
        parser.add_argument('action_args', nargs='*')
        parser.set_defaults(command=action)
        if action.alias:
            _add_alias(commands, action)


def _add_alias(commands, action):
    parser = commands.add_parser(action.alias, help=action.help)
    parser.add_argument('action_args', nargs='*',
                        metavar=' '.join(o.name for o in action.options))
    parser.set_defaults(command=action)


def _run():
    given = CONF.category
    action = given.command
    if len(given.action_args) > len(action.options):
        print('%s: too many arguments for %s' % (PROG, action.name),
              file=sys.stderr)
        return _USAGE
    values = {o.name: getattr(given, o.name, None) for o in action.options}
    for option, text in zip(action.options, given.action_args):
        values[option.name] = text
    return action.run(**{name.replace('-', '_'): value
                         for name, value in values.items()
                         if value is not None})


def _reason(error):
    """Without the statement and its values, which may hold secrets."""
    while getattr(error, 'orig', None) or getattr(error, 'inner_exception',
                                                  None):
        error = getattr(error, 'orig', None) or error.inner_exception
    return error


if __name__ == '__main__':
    main()
