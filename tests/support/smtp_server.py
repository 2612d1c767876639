#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A real mail server (aiosmtpd) on loopback that does what a test wants of it: takes messages, refuses, greylists, stalls, dies within one.

    server = SmtpServer()
    server.start()
    server.does["gone@ward.example"] = "refuse"     # or server.default = "greylist"
    ...
    [message.recipient for message in server.taken]

As a program, for tests in C: smtp_server.py FOLDER [--tls starttls|smtps] [--login user:password]. It prints its port, then serves until its input ends. A message that it
has taken is a file 1.eml, 2.eml, … in FOLDER. What it does is said by the address: refuse@…, greylist@…; any other is taken. With TLS, FOLDER has the authority's
certificate as ca.pem.

    take         takes the message                              stall        says nothing at the end of the message
    refuse       550 to the recipient                           cut          ends the connection within the message
    greylist     451 to the recipient                           lose         takes the message, and ends the connection in the place of its reply
    reject       554 to the message                             sender       550 to the sender: no message leaves
    postpone     452 to the message                             busy         421 to the greeting
    linger       takes the message, and says nothing to QUIT    silent       says nothing to the recipient
"""
import argparse
import asyncio
import email
import email.policy
import logging
import socket
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import tls_files
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

BEHAVIOURS = ("take", "refuse", "greylist", "reject", "postpone", "stall", "cut", "lose", "sender", "busy", "linger", "silent")


class Conversation(SMTP):
    """One connection, with the two things that no handler of aiosmtpd can do: to break off within a message, and in the greeting."""

    async def _handle_client(self):
        if self.event_handler.owner.default == "busy":
            await self.push("421 4.3.2 come back later")
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg):
        if self.envelope and self.event_handler.wanted(self.envelope) == "cut":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    def __init__(self, owner):
        self.owner = owner

    def wanted(self, envelope):
        return self.owner.behaviour(envelope.rcpt_tos[0]) if envelope.rcpt_tos else self.owner.default

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.owner.default == "sender":
            return "550 5.7.60 not your address"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        does = self.owner.behaviour(address)
        self.owner.tried.append(address)
        if does == "silent":
            await asyncio.Event().wait()
        if does in ("refuse", "greylist"):
            return f"550 5.1.1 <{address}>: no such box" if does == "refuse" else "451 4.7.1 greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        does = self.wanted(envelope)
        if does == "stall":
            await asyncio.Event().wait()
        if does in ("reject", "postpone"):
            return "554 5.6.0 not this message" if does == "reject" else "452 4.3.1 no room"
        number = self.owner.take(session, envelope)
        if does == "lose":
            server.transport.abort()
        return f"250 2.0.0 queued as {number}"

    async def handle_QUIT(self, server, session, envelope):
        if self.owner.lingers:
            await asyncio.Event().wait()
        return "221 Bye"


class SmtpServer:
    def __init__(self, folder=None, tls=None, login=None):
        """${tls}: None, "starttls" (wanted of everybody) or "smtps"; with it ${folder} gets the authority's ca.pem. ${login}: (user, password) that is wanted."""
        self.folder, self.tls, self.login = folder and Path(folder), tls, login
        self.does, self.default = {}, "take"
        self.tried, self.taken, self.lingers = [], [], False
        self.changed = threading.Condition()
        context = tls_files.context(self.folder) if tls else None
        owner = self

        class Listening(Controller):
            def factory(self):
                return Conversation(self.handler, hostname="mail.test", require_starttls=tls == "starttls", tls_context=context if tls == "starttls" else None,
                                    auth_required=login is not None, auth_require_tls=tls == "starttls", authenticator=owner._knows, ident="test")

        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self.controller = Listening(Handler(self), hostname="127.0.0.1", port=0, ssl_context=context if tls == "smtps" else None)

    def _knows(self, server, session, envelope, mechanism, data):
        right = self.login is not None and (data.login.decode(), data.password.decode()) == tuple(self.login)
        return AuthResult(success=right, handled=False)

    def behaviour(self, address):
        local = address.partition("@")[0]
        return self.does.get(address) or (local if local in BEHAVIOURS else self.default)

    def take(self, session, envelope):
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message = SimpleNamespace(sender=envelope.mail_from, recipient=envelope.rcpt_tos[0], recipients=list(envelope.rcpt_tos), bytes=envelope.content, parsed=parsed,
                                  subject=str(parsed["Subject"]), id=str(parsed["Message-ID"]), text=parsed.get_content(), tls=session.ssl is not None,
                                  greeted=session.host_name, authenticated=session.authenticated)
        with self.changed:
            self.lingers = self.behaviour(message.recipient) == "linger"
            self.taken.append(message)
            number = len(self.taken)
            if self.folder:
                part = self.folder / f"{number}.part"
                part.write_bytes(envelope.content)
                part.rename(self.folder / f"{number}.eml")
            self.changed.notify_all()
        return number

    def start(self):
        # aiosmtpd asks the port itself as it starts, which must be known: the socket is bound here.
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        kind = {"sock": listening, "ssl": self.controller.ssl_context}
        self.server = self.loop.run_until_complete(self.loop.create_server(self.controller.factory, **kind))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def stop(self):
        def end():
            self.server.close()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.call_soon(self.loop.stop)

        self.loop.call_soon_threadsafe(end)
        self.thread.join()
        self.loop.close()

    @property
    def url(self):
        return f"{'smtps' if self.tls == 'smtps' else 'smtp'}://{'localhost' if self.tls else '127.0.0.1'}:{self.port}"


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("folder")
    asked.add_argument("--tls", choices=("starttls", "smtps"))
    asked.add_argument("--login")
    asked.add_argument("--default", default="take", choices=BEHAVIOURS)
    given = asked.parse_args()
    server = SmtpServer(given.folder, given.tls, given.login and given.login.split(":"))
    server.default = given.default
    server.start()
    print(server.port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
