"""All that is counted, by name.

Each one has labels, so that it begins to exist with its first count, in the
process that counts.
"""

import prometheus_client

_QUICK = (.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
_LONG = _QUICK + (60, 300, 1800)

REGISTRY = prometheus_client.CollectorRegistry()


def _counter(name, text, *labels):
    return prometheus_client.Counter(name, text, labels, namespace='glance',
                                     registry=REGISTRY)


def _seconds(name, text, buckets, *labels):
    return prometheus_client.Histogram(
        name, text, labels, namespace='glance', unit='seconds',
        buckets=buckets, registry=REGISTRY)


HTTP_REQUESTS = _counter(
    'http_requests', 'Requests answered.', 'route', 'verb', 'status')
HTTP_SECONDS = _seconds(
    'http_request', 'From a request to the begin of its answer.', _LONG,
    'route', 'verb')
IMAGE_BYTES = _counter(
    'image_bytes', 'Image data, counted when a transfer ends. in: into a '
    'store; out: to clients, the store "cache" is the cache of this host.',
    'direction', 'store')

# outcome: ok, refused (the caller's fault), unavailable, failed
RPC_CALLS = _counter(
    'rpc_calls', 'Calls to another service.',
    'service', 'method', 'outcome')
RPC_SECONDS = _seconds(
    'rpc_call', 'From a call to its answer.', _QUICK, 'service', 'method')
RPC_SERVED = _counter(
    'rpc_served', 'Calls answered by this service.',
    'service', 'method', 'outcome')
RPC_SERVED_SECONDS = _seconds(
    'rpc_serving', 'From a call taken to its answer.', _QUICK,
    'service', 'method')

# outcome: ended, failed (it will be tried again), lost (others go on)
WORK_ENDED = _counter(
    'work_ended', 'Claims of work that came to an end.', 'kind', 'outcome')
WORK_TAKEN_OVER = _counter(
    'work_taken_over', 'Work claimed after the lease of another ran out.',
    'kind')
EVENTS_SENT = _counter(
    'events_sent', 'Notifications that the bus has taken.', 'type')
# outcome: taken, again (the registry has not taken them)
USAGE_MESSAGES = _counter(
    'usage_messages', 'Messages of other services that were read.', 'outcome')
# kind: server, shelved, volume, snapshot, backup
USAGE_STATEMENTS = _counter(
    'usage_statements', 'What the registry has taken of what they say of who '
    'uses an image.', 'kind')

# result: good, bad, missing, healed, unhealed, unreadable
AUDITS = _counter(
    'audits', 'Data at rest looked through, by result.', 'store', 'result')
STORE_ERRORS = _counter(
    'store_errors', 'Operations that a store has failed.',
    'store', 'operation')

# result: hit, miss
CACHE_READS = _counter(
    'cache_reads', 'Downloads that could use the cache.', 'result')
# source: client, prefetch
CACHE_FILLED = _counter(
    'cache_filled_bytes', 'Bytes fetched into the cache.', 'source')
