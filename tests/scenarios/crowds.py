# SPDX-License-Identifier: MIT
"""Many connections of people who take their time: half a head, half a body, an answer that is not read, nothing more after a first answer."""

import select
import socket
import time
from pathlib import Path

LARGE = "/openapi.yaml"  # what a stranger may ask for that is largest
HEAD_ENOUGH = 16000  # a head may be so long


def memory_kb(pid):
    """What the process has in memory now."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    return int(fields["VmRSS"].split()[0])


class Stranger:
    """One connection; ${kind} says how it takes its time."""

    def __init__(self, port, kind, headers=""):
        self.kind, self.began, self.ended, self.status = kind, time.monotonic(), None, b""
        self.socket = socket.socket()
        if kind == "reader":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        host = f"Host: 127.0.0.1:{port}\r\n{headers}"
        if kind == "head":  # all but the end of one that is as long as a head may be
            self.socket.send(f"GET / HTTP/1.1\r\n{host}".encode() + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 500) for n in range(HEAD_ENOUGH // 520)))
        elif kind == "body":
            self.socket.send(f"POST /v1/session HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 8000\r\n\r\n".encode() + b"{" * 7000)
        elif kind == "reader":
            self.socket.send(f"GET {LARGE} HTTP/1.1\r\n{host}\r\n".encode() * 100)
        else:
            self.socket.send(f"GET / HTTP/1.1\r\n{host}\r\n".encode())

    def go_on(self):
        """One byte more, where it sends; what has come is read, where it reads."""
        try:
            if self.kind in ("head", "body"):
                self.socket.send(b"a")
            if self.kind != "reader" and self.socket.recv(65536) == b"":
                self.end()
        except BlockingIOError:
            pass
        except OSError:
            self.end()

    def end(self):
        self.ended = time.monotonic()
        self.socket.close()

    @property
    def lasted(self):
        return self.ended - self.began


class Crowd:
    """Strangers of several kinds, until they have all been ended or the time is over."""

    def __init__(self, port, kinds, headers=""):
        self.poll, self.all = select.poll(), []
        for number, kind in enumerate(kinds):
            stranger = Stranger(port, kind, headers if isinstance(headers, str) else headers(number))
            self.all.append(stranger)
            self.poll.register(stranger.socket, 0)  # POLLERR and POLLHUP: a reader that does not read learns of a reset
        self.by_file = {one.socket.fileno(): one for one in self.all}

    def open(self, kind=None):
        return [one for one in self.all if one.ended is None and kind in (None, one.kind)]

    def step(self):
        for file, _ in self.poll.poll(0):
            self.by_file[file].end()
            self.poll.unregister(file)
        for one in self.open():
            file = one.socket.fileno()
            one.go_on()
            if one.ended:
                self.poll.unregister(file)

    def last(self, seconds, look=lambda: None):
        """Goes on, a byte each fifth of a second, until nobody is left; ${look} is called each time."""
        until = time.monotonic() + seconds
        while self.open() and time.monotonic() < until:
            began = time.monotonic()
            self.step()
            look()
            time.sleep(max(0.0, 0.2 - (time.monotonic() - began)))

    def leave(self):
        for one in self.open():
            one.end()
