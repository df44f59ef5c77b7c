"""What each kind of request costs, by process.

    python -m tests.benchmarks.bench_requests [--quick] [--shape SHAPE]
                                              [--clients NUMBER]

CPU time is read from the kernel for the process groups apart (api, registry,
conductor, broker, database) and divided by the number of requests; the client
is not counted. Wall times say little where all of them share two cores; how
far the slowest ones are from the others says whether they wait for each other.
"""

import argparse
import os
import time
import uuid

from tests.benchmarks import clients
from tests.benchmarks import cpu
from tests.fixtures import deployments
from tests.functional.resilience import base

MIB = 1 << 20
CLIENTS = 8


class Standalone(deployments.Standalone):
    headers = {}


class Distributed(base.TrustedCallers):
    headers = base.HEADERS


SHAPES = {'standalone': Standalone, 'distributed': Distributed}


class Bench:
    """:param count: requests of each kind
    :param clients: how many send them
    """

    def __init__(self, url, count, clients=CLIENTS):
        self._url, self._count = url, count
        self._callers = [base.Caller(url) for _ in range(clients)]

    def measure(self, name, request):
        """Run `request(caller, number)` on all clients and print the cost."""
        cost = clients.measure(self._callers, request, self._count)
        print('%-18s %8.2f ms  %s  (%.0f/s, p50 %.0f ms, p99 %.0f ms)' % (
            name, sum(cost.cpu.values()), '  '.join(
                '%s %.2f' % item for item in sorted(cost.cpu.items())),
            cost.rate, cost.p50, cost.p99), flush=True)

    def requests(self):
        ids = [str(uuid.uuid4()) for _ in range(self._count)]
        data = os.urandom(MIB)
        self.measure('create', lambda caller, number: clients.expect(
            201, caller.request('POST', json={
                'id': ids[number], 'name': 'image-%d' % number,
                'disk_format': 'raw', 'container_format': 'bare',
                'tags': ['a', 'b'], 'os_distro': 'debian', 'arch': 'x',
                'c': 'd', 'e': 'f', 'g': 'h'})))
        self.measure('show', lambda caller, number: clients.expect(
            200, caller.request('GET', '/' + ids[number])))
        self.measure('list 25', lambda caller, number: clients.expect(
            200, caller.request('GET', '?limit=25')))
        self.measure('PATCH', lambda caller, number: clients.expect(
            200, caller.patch(ids[number], {
                'op': 'replace', 'path': '/name', 'value': 'other'})))
        self.measure('upload 1 MiB', lambda caller, number: clients.expect(
            204, caller.upload(ids[number], data)))
        self.measure('delete', lambda caller, number: clients.expect(
            204, caller.request('DELETE', '/' + ids[number])))

    def bytes(self, size_mib):
        caller, data = self._callers[0], os.urandom(MIB)
        image_id = caller.create()
        with open('/dev/null', 'wb') as sink:
            self._transfer('upload', size_mib, lambda: clients.expect(
                204, caller.upload(
                    image_id, (data for _ in range(size_mib)),
                    **{'x-openstack-image-size': str(size_mib * MIB)})))
            self._transfer('download', size_mib, lambda: _drain(
                caller.request('GET', '/%s/file' % image_id, stream=True),
                sink))

    def _transfer(self, name, size_mib, transfer):
        before, begun = cpu.used(), time.monotonic()
        transfer()
        wall, used = time.monotonic() - begun, cpu.used()
        spent = sum(used.values()) - sum(before.values())
        print('%-18s %8.0f MiB/s  %.2f CPU-s/GiB' % (
            '%s %d MiB' % (name, size_mib), size_mib / wall,
            spent * 1024 / size_mib), flush=True)


def _drain(response, sink):
    for piece in response.iter_content(MIB):
        sink.write(piece)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--shape', choices=sorted(SHAPES), action='append')
    parser.add_argument('--clients', type=int, default=CLIENTS)
    args = parser.parse_args()
    count = 200 if args.quick else 2000
    for shape in args.shape or sorted(SHAPES):
        print('== %s, CPU per request' % shape, flush=True)
        with SHAPES[shape]() as cloud:
            bench = Bench(cloud.url, count, args.clients)
            bench.requests()
            bench.bytes(512)


if __name__ == '__main__':
    main()
