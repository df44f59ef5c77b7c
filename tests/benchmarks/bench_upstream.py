"""What requests cost beside upstream's service, in one run.

    python -m tests.benchmarks.bench_upstream [--quick] [--shape SHAPE ...]

Each kind of request goes to all services in turn, from 1, 8 and 32 clients,
several times over; a row shows the medians: CPU-ms a request of all processes,
and of ours the share of upstream's, and milliseconds until half and 99 of 100
answers came. Upstream has two processes under uWSGI, ours two API workers and
two registries over RabbitMQ; MariaDB, files and 1,000 images have both.
"""

import argparse
import contextlib
import os
import statistics
import uuid

import fixtures

from tests.benchmarks import clients
from tests.benchmarks import upstream
from tests.fixtures.servers import __main__ as servers
from tests.functional.resilience import base

CLIENTS = (1, 8, 32)
IMAGES = 1000
DATA = os.urandom(1 << 20)
PARTS = ('api', 'registry', 'conductor', 'broker', 'database')


class OneProcess(base.TrustedCallers):
    """The registry within each process of the API."""

    registries = 0

    def __init__(self):
        super().__init__(shared={'registry': {'embed': 'true'}})


class UWSGI(base.TrustedCallers):

    def __init__(self):
        super().__init__(uwsgi=True)


class Threads(base.TrustedCallers):
    """Native threads instead of eventlet."""

    def _setUp(self):
        self.useFixture(fixtures.EnvironmentVariable(
            'GLANCE_CONCURRENCY', 'threading'))
        super()._setUp()


class Quorum(base.TrustedCallers):
    """With the queues of a cluster."""

    def __init__(self):
        super().__init__(shared={
            'oslo_messaging_rabbit': {'rabbit_quorum_queue': 'true'}})


class Notifying(base.TrustedCallers):
    """With notifications of each change."""

    def __init__(self):
        super().__init__(shared={
            'oslo_messaging_notifications': {'driver': 'messagingv2'}})


SHAPES = {'bus': base.TrustedCallers, 'one-process': OneProcess,
          'uwsgi': UWSGI, 'threads': Threads, 'quorum': Quorum,
          'notifying': Notifying}


class Service:
    """One of those that are compared.

    :param parts: groups of processes that work for it
    """

    def __init__(self, name, url, parts):
        self.name, self._url, self._parts = name, url, parts
        self._created, self._filled = [], []

    def fill(self):
        self._run(8, lambda caller, number: self._filled.append(
            self._create(caller, number)), IMAGES)
        caller = base.Caller(self._url)
        self._with_data = self._filled[0]
        clients.expect(204, caller.upload(self._with_data, DATA))

    def measure(self, kind, number_of_clients, count):
        """:returns: clients.Cost"""
        if kind == 'create':
            self._created = []
        return self._run(number_of_clients, KINDS[kind].__get__(self), count)

    def _run(self, number_of_clients, request, count):
        cost = clients.measure(
            [base.Caller(self._url) for _ in range(number_of_clients)],
            request, count)
        return cost._replace(cpu={part: cost.cpu[part]
                                  for part in self._parts})

    def _create(self, caller, number):
        image_id = str(uuid.uuid4())
        clients.expect(201, caller.request('POST', json={
            'id': image_id, 'name': 'image-%d' % number, 'disk_format': 'raw',
            'container_format': 'bare', 'tags': ['all', 'tag-%d' % number],
            'os_distro': 'debian', 'number': str(number), 'a': 'b', 'c': 'd',
            'e': 'f'}))
        return image_id

    def create(self, caller, number):
        self._created.append(self._create(caller, number))

    def show(self, caller, number):
        clients.expect(200, caller.request(
            'GET', '/' + self._filled[number % IMAGES]))

    def patch(self, caller, number):
        clients.expect(200, caller.patch(
            self._created[number],
            {'op': 'replace', 'path': '/name', 'value': 'other'},
            {'op': 'add', 'path': '/added', 'value': 'yes'}))

    def upload(self, caller, number):
        clients.expect(204, caller.upload(self._created[number], DATA))

    def delete(self, caller, number):
        clients.expect(204, caller.request(
            'DELETE', '/' + self._created[number]))

    def download(self, caller, number):
        clients.expect(200, caller.request(
            'GET', '/%s/file' % self._with_data))

    def range(self, caller, number):
        clients.expect(206, caller.request(
            'GET', '/%s/file' % self._with_data,
            headers={'Range': 'bytes=0-524287'}))


def _list(query):
    def request(service, caller, number):
        found = clients.expect(200, caller.request(
            'GET', query.format(number=number % IMAGES))).json()['images']
        if not found:
            raise ValueError('nothing was found')
    return request


# In this order: later ones need what former ones made.
KINDS = {
    'show': Service.show, 'list 25': _list('?limit=25'),
    'name=': _list('?name=image-{number}'),
    'tag=': _list('?tag=tag-{number}'),
    'property=': _list('?number={number}'),
    'create': Service.create, 'PATCH x2': Service.patch,
    'upload 1 MiB': Service.upload, 'download 1 MiB': Service.download,
    'range 512 KiB': Service.range, 'delete': Service.delete}


def _compare(services, rounds, count):
    """:returns: {(kind, clients, name of service): [Cost of each round]}"""
    costs = {}
    for turn in range(rounds):
        # Nobody comes always after the same one.
        services = services[1:] + services[:1]
        for number_of_clients in CLIENTS:
            for kind in KINDS:
                for service in services:
                    costs.setdefault(
                        (kind, number_of_clients, service.name), []).append(
                        service.measure(kind, number_of_clients, count))
        print('.. round %d of %d is over' % (turn + 1, rounds), flush=True)
    return costs


def _print(costs, names):
    print('%-15s%3s  %-12s%8s %6s %8s %8s   %s' % (
        'request', 'of', 'service', 'CPU-ms', 'share', 'p50 ms', 'p99 ms',
        'CPU-ms by part'))
    for kind in KINDS:
        for number in CLIENTS:
            reference = None
            for name in names:
                found = costs[kind, number, name]
                total = statistics.median(
                    sum(cost.cpu.values()) for cost in found)
                reference = reference or total
                print('%-15s%3d  %-12s%8.2f %6.2f %8.1f %8.1f   %s' % (
                    kind, number, name, total, total / reference,
                    statistics.median(cost.p50 for cost in found),
                    statistics.median(cost.p99 for cost in found),
                    '  '.join('%s %.2f' % (part, statistics.median(
                        cost.cpu[part] for cost in found))
                        for part in found[0].cpu)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--shape', choices=sorted(SHAPES), action='append')
    args = parser.parse_args()
    rounds, count = (1, 40) if args.quick else (3, 100)
    with contextlib.ExitStack() as stack:
        os.environ.update(servers.start(
            ['rabbitmq', 'mariadb', 'keystone'], stack))
        services = [Service(
            'upstream', stack.enter_context(upstream.Upstream()).url,
            ('upstream', 'database'))]
        for shape in args.shape or ['bus', 'one-process']:
            services.append(Service(
                shape, stack.enter_context(SHAPES[shape]()).url, PARTS))
        for service in services:
            service.fill()
        names = [service.name for service in services]
        _print(_compare(services, rounds, count), names)


if __name__ == '__main__':
    main()
