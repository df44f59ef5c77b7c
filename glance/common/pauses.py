"""How long what has failed waits for its next try."""

from glance.conf import CONF


def after(tries):
    """:param tries: how many have failed
    :returns: seconds; they double up to a limit
    """
    pause = CONF.work.retry_interval * 2 ** max(0, min(tries - 1, 20))
    return min(pause, CONF.work.retry_interval_max)
