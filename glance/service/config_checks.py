"""What `glance-status config check` looks at: files, and what they name."""

from oslo_config import cfg
from oslo_upgradecheck import upgradecheck

from glance import conf
from glance.conf import errors
from glance.service import checking

_Code = upgradecheck.Code
# What is no fault of a check.
_MISTAKES = (cfg.Error, errors.ConfigurationError, RuntimeError, OSError)


def register_parser(subparsers):
    """`config check [--json]`, beside the command of the library."""
    parser = subparsers.add_parser('config')
    parser.add_argument('check', choices=['check'])
    parser.add_argument('--json', action='store_true',
                        help='Print the results as JSON.')
    parser.set_defaults(action_fn=Checks().check)


class Checks(upgradecheck.UpgradeCommands):
    """Each check looks at what the programs look at when they start."""

    display_title = 'Configuration Check Results'

    def values(self):
        """Whether all values can be used, not just the first."""
        try:
            found = checking.wrong(conf.CONF)
        except errors.ConfigurationError as error:
            # Which options there are depends on it.
            found = [str(error)]
        return _result(_Code.FAILURE, found)

    def names(self):
        """Whether somebody reads everything."""
        try:
            return _result(_Code.WARNING, checking.check(conf.CONF))
        except errors.ConfigurationError:
            return _result(_Code.WARNING, [
                'Not looked at, as long as a value is wrong.'])

    def pipeline(self):
        from glance.api import pipeline
        return _tried(pipeline.load)

    def policy(self):
        from glance import policy
        return _tried(policy.load)

    def protections(self):
        from glance.api import protections
        return _tried(protections.load)

    def certificates(self):
        from glance.service.http import tls
        return _tried(lambda: tls.context(conf.CONF))

    def stores(self):
        from glance.store import backends
        return _tried(lambda: backends.load(conf.CONF))

    _upgrade_checks = (
        ('Values', values), ('Names of options', names),
        ('Paste file', pipeline), ('Policy file', policy),
        ('Property protections', protections),
        ('Certificates', certificates), ('Stores', stores))


def _tried(load):
    try:
        load()
    except _MISTAKES as error:
        return _result(_Code.FAILURE, [' '.join(str(error).split())])
    return _result(_Code.SUCCESS, [])


def _result(code, texts):
    if not texts:
        return upgradecheck.Result(_Code.SUCCESS)
    return upgradecheck.Result(code, ' '.join(
        text if text.endswith(('.', '?')) else text + '.' for text in texts))
