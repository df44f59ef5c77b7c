"""Network links that can be cut: TCP forwarders in a process of their own.

    python -m tests.faults.proxy < COMMANDS

Commands, a line each: `add LINK LISTEN TARGET` (each a port of this machine,
or ADDRESS:PORT) and `set LINK MODE`; each is answered with a line. The modes:

* `pass`: everything goes through
* `cut`: connections are reset, and new ones refused
* `hole`: nothing goes through any more, as if each packet was lost; what was
  under way goes on when the link is mended
* `half`: the far side has lost its connections, the near side does not know;
  it hears of it when the link is mended
* `slow`: each piece of data takes a quarter of a second
"""

import asyncio
import socket
import struct
import sys

SLOW = 0.25
_RESET = struct.pack('ii', 1, 0)


class Link:
    """One listening port and the connections that came through it.

    :param near, far: pairs of address and port
    """

    def __init__(self, near, far):
        self._near, self._far = near, far
        self._mode = 'pass'
        self._open = asyncio.Event()
        self._open.set()
        self._server = None
        self._pairs = set()

    async def listen(self):
        self._server = await asyncio.start_server(
            self._accept, *self._near, backlog=200)

    async def set(self, mode):
        before, self._mode = self._mode, mode
        if mode in ('hole', 'half'):
            self._open.clear()
        if mode == 'half':
            for _near, far in self._pairs:
                _reset(far)
        if mode == 'cut' or before == 'half':
            self._reset_all()
        if mode == 'cut':
            self._server.close()
        elif before == 'cut':
            await self.listen()
        if mode not in ('hole', 'half'):
            self._open.set()

    def _reset_all(self):
        for pair in list(self._pairs):
            for end in pair:
                _reset(end)

    async def _accept(self, reader, writer):
        await self._open.wait()
        try:
            there, far = await asyncio.open_connection(*self._far)
        except OSError:
            _reset(writer)
            return
        pair = (writer, far)
        self._pairs.add(pair)
        try:
            await asyncio.gather(self._pump(reader, far),
                                 self._pump(there, writer))
        except OSError:
            # While nothing goes through, the end of one side is not told.
            await self._open.wait()
            for end in pair:
                _reset(end)
        finally:
            self._pairs.discard(pair)

    async def _pump(self, reader, writer):
        while True:
            data = await reader.read(65536)
            await self._open.wait()
            if self._mode == 'slow':
                await asyncio.sleep(SLOW)
            if not data:
                writer.close()
                return
            writer.write(data)
            await writer.drain()


def _reset(writer):
    end = writer.get_extra_info('socket')
    if end is not None:
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        except OSError:
            pass
    writer.transport.abort()


def _end(text):
    """:returns: address and port of one end of a link"""
    address, _colon, port = text.rpartition(':')
    return address or '127.0.0.1', int(port)


async def main():
    links = {}
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        verb, name, *rest = line.split()
        if verb == 'add':
            links[name] = Link(*map(_end, rest))
            await links[name].listen()
        else:
            await links[name].set(*rest)
        print('done', flush=True)


if __name__ == '__main__':
    asyncio.run(main())
