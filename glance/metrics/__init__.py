"""What the programs count, and how monitoring reads it.

Whoever counts imports `glance.metrics.counters` and calls
`counters.AUDITS.labels(store_id, 'bad').inc()`, in any thread. Labels are a
few words of ours: names of stores, methods and routes, never of users or
images. On the path of single chunks nothing is counted; the end of a transfer
adds its sum.
"""

import prometheus_client
from prometheus_client import metrics
from prometheus_client import values

from glance.common import concurrency

# Native threads count beside greenlets. A green lock that two native threads
# want at once is never given to the second; nothing waits under these.
for _module in (metrics, values):
    _module.Lock = concurrency.native.threading.Lock
prometheus_client.disable_created_metrics()
