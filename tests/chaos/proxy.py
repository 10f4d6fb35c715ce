"""The network between the engines and PostgreSQL: one door per engine, which can be cut or frozen.

Runs in a thread of its own. A batch is a Bind of one of the statements that commit; it is cut
before anything of it reaches the server, right after it was sent, or after the server said that it
is committed and before the engine hears of it.
"""

import asyncio
import collections
import struct
import threading

import wire

BATCHES = ("append_events", "append_starts", "append_runs", "append_all")
CUTS = ("cut_before_commit", "cut_during_commit", "cut_after_commit")


class Cut(Exception):
    pass


class Proxy:
    def __init__(self):
        self.target = None  # port of the primary; none while there is no primary
        self.cuts = collections.Counter()
        self.errors = collections.Counter()  # by SQLSTATE, as the engines were told
        self.armed = collections.deque()
        self.doors = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def open_door(self):
        door = Door(self)
        asyncio.run_coroutine_threadsafe(door.open(), self.loop).result(10)
        self.doors.append(door)
        return door

    def arm(self, cut):
        """The next batch of whichever engine is cut."""
        self.loop.call_soon_threadsafe(self.armed.append, cut)

    def disarm(self):
        self.loop.call_soon_threadsafe(self.armed.clear)

    def close(self):
        for door in self.doors:
            door.drop_all()
        asyncio.run_coroutine_threadsafe(self.end_tasks(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    async def end_tasks(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Door:
    def __init__(self, proxy):
        self.proxy, self.port, self.links = proxy, None, set()

    async def open(self):
        self.thawed = asyncio.Event()
        self.thawed.set()
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self.server = server

    async def accept(self, reader, writer):
        await self.thawed.wait()
        link = Link(self, reader, writer)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)

    def freeze(self):
        """Nothing passes in either direction, and nobody is told."""
        self.proxy.loop.call_soon_threadsafe(self.thawed.clear)

    def thaw(self):
        self.proxy.loop.call_soon_threadsafe(self.thawed.set)

    def drop_all(self):
        def abort():
            for link in list(self.links):
                link.abort()

        self.proxy.loop.call_soon_threadsafe(abort)


class Link:
    """One connection of one engine."""

    def __init__(self, door, reader, writer):
        self.door, self.proxy = door, door.proxy
        self.reader, self.writer = reader, writer
        self.server_writer = None
        self.cut = None  # what is to happen to the batch under way
        self.batch = False

    def abort(self):
        for writer in (self.writer, self.server_writer):
            if writer:
                writer.transport.abort()

    async def run(self):
        tasks = []
        try:
            server_reader, self.server_writer = await asyncio.open_connection(
                "127.0.0.1", self.proxy.target or 1, limit=1 << 20
            )
            await self.greet(server_reader)
            tasks = [
                asyncio.ensure_future(self.upwards()),
                asyncio.ensure_future(self.downwards(server_reader)),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.IncompleteReadError, Cut):
            pass  # the other side learns of it from the connection that is aborted below
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.abort()

    async def greet(self, server_reader):
        while True:
            head = await self.reader.readexactly(8)
            length, code = struct.unpack("!ii", head)
            self.server_writer.write(head + await self.reader.readexactly(length - 8))
            if code not in (wire.SSL_REQUEST, wire.GSS_REQUEST):
                return
            self.writer.write(await server_reader.readexactly(1))

    async def upwards(self):
        while True:
            kind, message, body = await self.take(self.reader)
            if kind == b"B" and wire.statement_of_bind(body) in BATCHES:
                self.batch = True
                self.cut = self.proxy.armed.popleft() if self.proxy.armed else None
            if self.cut == "cut_before_commit":
                if kind == b"S":
                    self.count()
                continue
            self.server_writer.write(message)
            await self.server_writer.drain()
            if kind == b"S" and self.cut == "cut_during_commit":
                self.count()

    async def downwards(self, server_reader):
        while True:
            kind, message, body = await self.take(server_reader)
            if kind == b"E":
                self.proxy.errors[wire.error_fields(body).get("C", "")] += 1
            if self.cut == "cut_after_commit":
                if kind == b"E":  # not committed: nothing to hide
                    self.cut = None
                elif kind == b"Z":
                    self.count()
                else:
                    continue
            self.writer.write(message)
            await self.writer.drain()

    def count(self):
        self.proxy.cuts[self.cut] += 1
        self.abort()
        raise Cut(self.cut)

    async def take(self, reader):
        head = await reader.readexactly(5)
        body = await reader.readexactly(struct.unpack("!ci", head)[1] - 4)
        await self.door.thawed.wait()
        return head[:1], head + body, body
