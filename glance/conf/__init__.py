"""Configuration: one module for each option group, one global CONF.

glance_store and oslo.messaging read the global object in places, therefore
there is no private ConfigOpts. Modules receive values where they can; what is
read from CONF is read when used, so that a reload is seen.
"""

from oslo_config import cfg
from oslo_log import log as logging

from glance.conf import api
from glance.conf import cache
from glance.conf import conductor
from glance.conf import health
from glance.conf import image
from glance.conf import imports
from glance.conf import libraries
from glance.conf import limits
from glance.conf import manage
from glance.conf import metrics
from glance.conf import notifications
from glance.conf import paste
from glance.conf import periodic
from glance.conf import registry
from glance.conf import relay
from glance.conf import rpc
from glance.conf import scrubber
from glance.conf import service
from glance.conf import signatures
from glance.conf import store
from glance.conf import tasks
from glance.conf import usage
from glance.conf import work

CONF = cfg.CONF

_MODULES = (api, cache, conductor, health, image, imports, limits, manage,
            metrics, notifications, paste, periodic, registry, relay, rpc,
            scrubber, service, signatures, store, tasks, usage, work)

for _module in _MODULES:
    _module.register_opts(CONF)
libraries.set_defaults()
rpc.set_defaults()
logging.register_options(CONF)
