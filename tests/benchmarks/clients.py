"""Requests of several clients at once, and what they cost."""

import collections
import concurrent.futures
import time

from tests.benchmarks import cpu

# cpu: Counter of CPU-ms a request by group; p50, p99: ms until the answer;
# rate: requests a second
Cost = collections.namedtuple('Cost', 'cpu p50 p99 rate')


def measure(callers, request, count):
    """Run `request(caller, number)` for all numbers below `count`.

    :param callers: one for each client
    :returns: Cost; the clients themselves are not counted
    """
    times = []

    def send(number):
        begin = time.monotonic()
        request(callers[number % len(callers)], number)
        times.append(time.monotonic() - begin)

    with concurrent.futures.ThreadPoolExecutor(len(callers)) as pool:
        before, begun = cpu.used(), time.monotonic()
        list(pool.map(send, range(count)))
        wall, after = time.monotonic() - begun, cpu.used()
    times.sort()
    return Cost(
        collections.Counter({group: (after[group] - before[group]) * 1000
                             / count for group in after}),
        times[count // 2] * 1000, times[count * 99 // 100] * 1000,
        count / wall)


def expect(status, response):
    if response.status_code != status:
        raise ValueError('%s: %s' % (response.status_code, response.text))
    return response
