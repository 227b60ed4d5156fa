"""Forwards TCP connections to the gateway's internal listener; see internal-port.yml."""

import asyncio

PORT = 8081


async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry what either side says to the other, until both have closed."""
    gateway_reader, gateway_writer = await asyncio.open_connection("gateway.internal", PORT)
    await asyncio.gather(carry(reader, gateway_writer), carry(gateway_reader, writer), return_exceptions=True)


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(forward, "0.0.0.0", PORT)  # noqa: S104 - the container's own interfaces
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
