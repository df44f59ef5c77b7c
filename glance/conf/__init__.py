"""Configuration: one module for each option group, one global CONF.

glance_store and oslo.messaging read the global object in places, therefore
there is no private ConfigOpts. Modules receive values where they can; what is
read from CONF is read when used, so that a reload is seen.
"""

from oslo_config import cfg

CONF = cfg.CONF
