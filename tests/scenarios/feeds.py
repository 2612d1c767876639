# SPDX-License-Identifier: MIT
"""A publisher of calendars whose answers a test can change, in a thread of the test."""

import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOGIN_PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=/login></form></body></html>\n"
EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nEND:VCALENDAR\r\n"
TAG = (b'<?xml version="1.0" encoding="utf-8"?>\n<multistatus xmlns="DAV:" xmlns:S="http://calendarserver.org/ns/"><response><href>/</href><propstat><prop>'
       b"<S:getctag>%s</S:getctag></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>\n")


class Feed:
    """One calendar. ${mode}: ok, login, empty, cut, endless, bomb, silent, dripping, chunked (without an end), unmodified (304 to everybody who
    has a validator, whatever changed), never (304 always), renamed (a new ETag each time), mislabelled, or an HTTP status as a number."""

    def __init__(self, name, body):
        self.name, self.body, self.mode = name, body, "ok"
        self.asked = 0          # requests that arrived
        self.not_modified = 0   # of them answered 304
        self.date = None        # what its server thinks the time is; None: what it is
        self.sent = threading.Event()  # a whole answer went out
        self.after = None       # the feed whose answer this one waits for

    @property
    def etag(self):
        return '"' + hashlib.sha256(self.body).hexdigest()[:16] + '"'


class Publisher:
    def __init__(self):
        self.feeds = {}
        self._closing = threading.Event()
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802  (the name http.server calls)
                publisher._answer(self)

            def do_PROPFIND(self):  # noqa: N802
                publisher._answer(self)

            def do_REPORT(self):  # noqa: N802
                publisher._answer(self)

            def date_time_string(self, timestamp=None):
                feed = publisher.feeds.get(self.path.strip("/").removesuffix(".ics"))
                return feed.date if feed is not None and feed.date else super().date_time_string(timestamp)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that gave up is no fault of the test
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._server.server_address[1]

    def close(self):
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def publish(self, name, body):
        """Adds a feed or changes what it says. Answers it."""
        body = body.encode() if isinstance(body, str) else body
        if name in self.feeds:
            self.feeds[name].body = body
        else:
            self.feeds[name] = Feed(name, body)
        return self.feeds[name]

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}.ics"

    # ------------------------------------------------------------------------------------------------------------- answers

    def _answer(self, request):
        feed = self.feeds.get(request.path.strip("/").removesuffix(".ics"))
        if feed is None:
            return self._send(request, 404, b"not here", "text/plain")
        feed.asked += 1
        # The question of CalDAV is not read: a collection answers it with its body.
        request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if feed.after is not None:
            feed.after.sent.wait(60)
        if isinstance(feed.mode, int):
            return self._send(request, feed.mode, b"no", "text/plain")
        return getattr(self, "_" + feed.mode)(request, feed)

    def _send(self, request, status, body, kind, **headers):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    def _collection(self, request, feed):
        """Of CalDAV (RFC 4791): its tag, which changes with all that is in it, and its objects."""
        if request.command == "PROPFIND":
            return self._send(request, 207, TAG % feed.etag.strip('"').encode(), "application/xml; charset=utf-8")
        self._send(request, 207, feed.body, "application/xml; charset=utf-8")
        return feed.sent.set()

    def _ok(self, request, feed):
        body, etag = feed.body, feed.etag
        if request.command != "GET":
            return self._collection(request, feed)
        if request.headers.get("If-None-Match") == etag:
            feed.not_modified += 1
            request.send_response(304)
            request.send_header("ETag", etag)
            request.end_headers()
            return
        self._send(request, 200, body, "text/calendar; charset=utf-8", ETag=etag)
        feed.sent.set()

    def _unmodified(self, request, feed):
        if request.headers.get("If-None-Match"):
            return self._never(request, feed)
        return self._ok(request, feed)

    def _never(self, request, feed):
        feed.not_modified += 1
        request.send_response(304)
        request.end_headers()

    def _renamed(self, request, feed):
        self._send(request, 200, feed.body, "text/calendar", ETag=f'"{feed.asked}"')

    def _mislabelled(self, request, feed):
        self._send(request, 200, feed.body, "text/html; charset=iso-8859-1")

    def _login(self, request, _):
        self._send(request, 200, LOGIN_PAGE, "text/html")

    def _empty(self, request, _):
        self._send(request, 200, EMPTY, "text/calendar")

    def _cut(self, request, feed):
        """Half of what was announced, then the end of the connection."""
        request.send_response(200)
        request.send_header("Content-Type", "text/calendar")
        request.send_header("Content-Length", str(len(feed.body)))
        request.end_headers()
        request.wfile.write(feed.body[:len(feed.body) // 2])
        request.close_connection = True

    def _endless(self, request, _):
        request.send_response(200)
        request.send_header("Content-Type", "text/calendar")
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(b"BEGIN:VCALENDAR\r\n")
        line = b"X-PADDING:" + b"x" * 60 + b"\r\n"
        while not self._closing.is_set():
            request.wfile.write(line * 1000)

    def _bomb(self, request, _):
        body = gzip.compress(b"BEGIN:VCALENDAR\r\n" + b" " * (64 << 20))
        self._send(request, 200, body, "text/calendar", Content_Encoding="gzip")

    def _chunked(self, request, feed):
        """Chunks of a calendar, and never the last one."""
        request.send_response(200)
        request.send_header("Content-Type", "text/calendar")
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"%x\r\n%s\r\n" % (len(feed.body), feed.body))
        while not self._closing.wait(0.5):
            request.wfile.write(b"2\r\n\r\n\r\n")
        request.close_connection = True

    def _dripping(self, request, feed):
        """One byte a second."""
        request.send_response(200)
        request.send_header("Content-Type", "text/calendar")
        request.send_header("Content-Length", str(len(feed.body)))
        request.end_headers()
        for byte in feed.body:
            request.wfile.write(bytes([byte]))
            if self._closing.wait(1):
                break
        request.close_connection = True

    def _silent(self, request, _):
        self._closing.wait(120)
        request.close_connection = True
