# SPDX-License-Identifier: MIT
"""A line between a role and what it talks to, over TCP, which a test makes slow, lossy, silent, or cuts."""

import random
import socket
import struct
import threading
import time

PIECE = 65536
HELD_SECONDS = 0.2  # what a lost segment costs TCP at the least: the first retransmission


class Wire:
    """Listens on ${port} of the loopback and passes on to ${target}: a port of it, or the path of a unix socket. By ${mode}:

    pass       everything at once
    late       every piece ${seconds} later
    lossy      ${share} of the pieces late by the time of a retransmission, as TCP makes of packets that are lost
    drip       a byte each ${seconds}
    silent     nothing passes, and nobody is told: what is sent is taken and forgotten (half-open)
    cut        the next piece of an answer is passed in half, then the connection is reset
    half       the next piece of an answer is passed in half, then that direction is ended, and the other stays open
    refused    new connections are reset at once
    """

    def __init__(self, target):
        self.target, self.mode, self.seconds, self.share = target, "pass", 0.0, 0.05
        self.connections = 0
        self._open, self._lock, self._closing = set(), threading.Lock(), threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def set(self, mode, seconds=0.0):
        self.mode, self.seconds = mode, seconds

    def close(self):
        self._closing.set()
        self._listener.close()
        self.reset()

    def reset(self):
        """Every connection that is open, with RST."""
        with self._lock:
            open_now = list(self._open)
        for one in open_now:
            self._drop(one, with_reset=True)

    def _drop(self, one, with_reset):
        with self._lock:
            self._open.discard(one)
        try:
            if with_reset and one.family == socket.AF_INET:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.shutdown(socket.SHUT_RDWR) if not with_reset else None
        except OSError:
            pass
        one.close()

    def _accept(self):
        while not self._closing.is_set():
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with self._lock:
                self._open.add(near)
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _connect(self):
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target), timeout=10)
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(self.target))
        return far

    def _serve(self, near):
        if self.mode == "refused":
            return self._drop(near, with_reset=True)
        try:
            far = self._connect()
        except OSError:
            return self._drop(near, with_reset=True)
        far.settimeout(None)
        with self._lock:
            self._open.add(far)
        threading.Thread(target=self._pump, args=(near, far, False), daemon=True).start()
        return self._pump(far, near, True)

    def _pump(self, source, sink, is_answer):
        try:
            while True:
                piece = source.recv(PIECE)
                if not piece:
                    while self.mode == "silent" and not self._closing.is_set():
                        time.sleep(0.05)  # the end is not told either
                    sink.shutdown(socket.SHUT_WR)
                    return
                if not self._pass(piece, sink, is_answer):
                    return
        except OSError:
            self._drop(source, with_reset=True)
            self._drop(sink, with_reset=True)

    def _pass(self, piece, sink, is_answer):
        """False: nothing more goes this way."""
        mode = self.mode
        if mode == "silent":
            return True
        if mode in ("cut", "half") and is_answer:
            sink.sendall(piece[:len(piece) // 2])
            if mode == "cut":
                raise OSError("cut")
            sink.shutdown(socket.SHUT_WR)
            return False
        if mode == "late":
            time.sleep(self.seconds)
        elif mode == "lossy" and random.random() < self.share:
            time.sleep(HELD_SECONDS)
        elif mode == "drip":
            while piece and self.mode == "drip" and not self._closing.is_set():
                sink.sendall(piece[:1])
                piece = piece[1:]
                time.sleep(self.seconds)
        sink.sendall(piece)
        return True
