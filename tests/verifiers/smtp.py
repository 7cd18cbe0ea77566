"""A real mail server for the tests: takes letters and writes each into a folder, as the client sent it.

Usage: smtp.py PORT FOLDER [--die-in-data N] [--refuse ADDRESS]

The Nth letter makes the process die in the middle of DATA, when the client has sent all of it and before it hears "250".
Letters to the refused address are answered with 550, as for a mailbox that does not exist.
"""

import argparse
import asyncio
import os
import pathlib

from aiosmtpd.smtp import SMTP


class Handler:
    def __init__(self, folder, die_in_data, refuse):
        self.folder = folder
        self.die_in_data = die_in_data
        self.refuse = refuse
        self.seen = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refuse:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.seen += 1
        if self.seen == self.die_in_data:
            os._exit(9)
        number = len(list(self.folder.glob("*.eml")))
        part = self.folder / f"{number:04}.part"
        part.write_bytes(envelope.original_content)
        part.rename(self.folder / f"{number:04}.eml")
        return "250 taken"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--die-in-data", type=int, default=0)
    parser.add_argument("--refuse", default="")
    asked = parser.parse_args()
    handler = Handler(asked.folder, asked.die_in_data, asked.refuse)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", asked.port)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
