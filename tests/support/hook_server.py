#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A receiver of webhooks, or a gateway of SMS, on loopback, that does what a test wants of it.

    server = HookServer(folder).start()      # https; its authority's certificate is folder/ca.pem; with tls=False http
    server.does["/hook"] = "busy"            # or the path says it: /busy/...
    ...
    [request.body for request in server.taken]

As a program, for tests in C: hook_server.py FOLDER [--plain]. It prints its port, then serves until its input ends. A request that it has taken is a file 1.json, 2.json, …
in FOLDER: method, path, headers (names in small letters), body.

    take     202                         busy     429, Retry-After: 7           moved    302 to /take
    gone     410                         broken   503, Retry-After: a date      refuse   400
    sign-in  401                         stall    says nothing                  cut      ends the connection in the place of its answer
"""
import argparse
import base64
import hashlib
import hmac
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import tls_files

ANSWERS = {"take": (202, {}), "busy": (429, {"Retry-After": "7"}), "gone": (410, {}), "sign-in": (401, {}), "moved": (302, {"Location": "/take"}), "refuse": (400, {}),
           "broken": (503, {"Retry-After": "Tue, 01 Dec 2026 03:12:00 GMT"})}


def is_signed(secret, headers, body):
    """Standard Webhooks, in another implementation than the server's: whether ${body} was signed with ${secret} ("whsec_...")."""
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, one) for one in headers["webhook-signature"].split(" "))


class HookServer:
    def __init__(self, folder=None, tls=True):
        self.folder, self.tls = folder and Path(folder), tls
        self.does, self.taken, self.changed, self.ended = {}, [], threading.Condition(), threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                owner.answer(self)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        if tls:
            self.server.socket = tls_files.context(self.folder).wrap_socket(self.server.socket, server_side=True)

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        path = handler.path.partition("?")[0]
        does = self.does.get(path) or (path.split("/")[1] if path.split("/")[1] in (*ANSWERS, "stall", "cut") else "take")
        self.note(SimpleNamespace(method=handler.command, path=handler.path, headers={name.lower(): value for name, value in handler.headers.items()}, body=body, does=does))
        handler.close_connection = True
        if does == "stall":
            self.ended.wait()
        if does in ("stall", "cut"):
            return
        status, headers = ANSWERS[does]
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": "0", "Connection": "close"}.items():
            handler.send_header(name, value)
        handler.end_headers()

    def note(self, request):
        with self.changed:
            self.taken.append(request)
            if self.folder:
                part = self.folder / f"{len(self.taken)}.part"
                part.write_text(json.dumps({**vars(request), "body": request.body.decode()}, ensure_ascii=False))
                part.rename(self.folder / f"{len(self.taken)}.json")
            self.changed.notify_all()

    @property
    def url(self):
        return f"{'https://localhost' if self.tls else 'http://127.0.0.1'}:{self.port}"

    def start(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("folder")
    asked.add_argument("--plain", action="store_true")
    asked.add_argument("--tls")
    given = asked.parse_args()
    server = HookServer(given.folder, not given.plain).start()
    print(server.port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
