"""Errors of glance_store and of the libraries below it, as ours.

Their messages hold URLs, host names and credentials; so neither the message
nor the log takes more from them than the name of the class.
"""

from collections.abc import Iterator
import contextlib
import logging as std_logging
import re

from glance_store import exceptions as theirs
from oslo_config import cfg
from oslo_log import log
from oslo_utils import strutils

from glance.common import exceptions
from glance.metrics import counters

LOG = log.getLogger(__name__)

# From special to general: the first match counts.
_TABLE = (
    (theirs.NotFound, exceptions.NotFound,
     'The image data is not in the store.'),
    (theirs.Duplicate, exceptions.Duplicate,
     'The store holds data of this name already.'),
    (theirs.StorageFull, exceptions.StorageFull, None),
    (theirs.StorageWriteDenied, exceptions.StoreUnavailable,
     'The store denies writing.'),
    (theirs.StoreAddDisabled, exceptions.Gone, 'The store takes no data.'),
    (theirs.StoreDeleteNotSupported, exceptions.Forbidden,
     'The store does not delete data.'),
    (theirs.StoreGetNotSupported, exceptions.StoreUnavailable,
     'The store does not give data back.'),
    ((theirs.InUseByStore, theirs.HasSnapshot), exceptions.InUseByStore,
     None),
    (theirs.Forbidden, exceptions.Forbidden, 'The store denies this.'),
    (theirs.Invalid, exceptions.BadRequest,
     'The store does not accept the data.'),
    (theirs.UnknownScheme, exceptions.BadRequest,
     'No store knows locations of this kind.'),
)


def _ours(error: Exception) -> exceptions.GlanceError:
    for classes, ours, message in _TABLE:
        if isinstance(error, classes):
            return ours(message)
    return exceptions.StoreUnavailable()


@contextlib.contextmanager
def translated(store_id: str, verb: str) -> Iterator[None]:
    """Raise as ours what a foreign driver raises."""
    try:
        yield
    except exceptions.GlanceError:
        raise
    except Exception as exc:
        error = _ours(exc)
        if error.status >= 500 or isinstance(error, exceptions.StorageFull):
            counters.STORE_ERRORS.labels(store_id, verb).inc()
        if error.status >= 500:
            LOG.error('Store %(id)s: %(verb)s failed: %(name)s',
                      {'id': store_id, 'verb': verb,
                       'name': type(exc).__name__})
        raise error from None


def is_mistake(error: Exception) -> bool:
    """Whether the configuration is wrong, which does not go away."""
    return isinstance(error, (theirs.BadStoreConfiguration,
                              cfg.ConfigFileValueError))


def reason(error: Exception) -> str:
    """What administrators may read of why a store cannot be configured."""
    if not is_mistake(error):
        return 'it does not answer as it should (%s)' % type(error).__name__
    text = re.sub(r'\S+://\S+', '<URL>', str(error))
    return strutils.mask_password(text)[:500]


_LIBRARIES = ('boto3', 'botocore', 's3transfer', 'swiftclient',
              'cinderclient', 'oslo_vmware', 'pymongo', 'suds')


class _Hide(std_logging.Filter):
    """Drivers log what they were doing, with addresses: keep the class.

    What comes without an error tells nothing then: it goes, too.
    """

    def filter(self, record: std_logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        if record.levelno < std_logging.WARNING or kind is None:
            return False
        record.msg = 'A store driver reports a problem in %s (%s)'
        record.args = (record.funcName, kind.__name__)
        record.exc_info = record.exc_text = None
        return True


def hide_requests() -> None:
    """Libraries below the drivers log requests as they send them, with keys,
    tokens and signatures, when everything is to be logged: that is too much.
    """
    for name in _LIBRARIES:
        std_logging.getLogger(name).setLevel(std_logging.WARNING)


def hide_details(logger_name: str) -> None:
    """Let messages of a driver's module tell no address or credential."""
    logger = std_logging.getLogger(logger_name)
    if not any(isinstance(one, _Hide) for one in logger.filters):
        logger.addFilter(_Hide())
