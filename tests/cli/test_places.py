"""Where the installation listens."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from sanshi.cli.places import Place, listening


def test_no_answer_waits_for_an_acknowledgement() -> None:
    """With Nagle's delay an answer of two packets takes 40 ms longer than its work."""

    async def nodelay() -> int:
        seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def met(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            seen.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening(Place("127.0.0.1", 0, 0, 0)) as sockets:
            async with await asyncio.start_server(met, sock=sockets[0]):
                _, writer = await asyncio.open_connection(*sockets[0].getsockname()[:2])
                writer.close()
                return await seen

    # A thread of its own: a browser of other tests may keep a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, nodelay()).result()
