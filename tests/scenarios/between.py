# SPDX-License-Identifier: MIT
"""What may stand between a browser and the server: a proxy that passes everything on, answers with what it has kept, is slow, or is dead."""

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Between:
    """${mode}: "pass"; "frozen": an answer of /v1/now is given again without end; "slow": /v1/now takes ${seconds}; "dead": the connection is cut."""

    def __init__(self, port):
        self.mode, self.seconds, self.kept, self.asked = "pass", 0, {}, []
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _pass(self):
                between.serve(self, port)

            do_GET = do_POST = do_DELETE = _pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, handler, port):
        self.asked.append(handler.path)
        is_now = handler.path.startswith("/v1/now")
        if self.mode == "dead":
            handler.close_connection = True
            return
        if self.mode == "slow" and is_now:
            time.sleep(self.seconds)
        if self.mode == "frozen" and handler.path in self.kept:
            self._answer(handler, *self.kept[handler.path])
            return
        length = int(handler.headers.get("Content-Length") or 0)
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            upstream.request(handler.command, handler.path, handler.rfile.read(length) if length else None, dict(handler.headers))
            response = upstream.getresponse()
            if response.getheader("Content-Type", "").startswith("text/event-stream"):
                self._stream(handler, response)
                return
            found = (response.status, response.getheaders(), response.read())
            if is_now and response.status == 200:
                self.kept[handler.path] = found
            self._answer(handler, *found)
        except OSError:
            handler.close_connection = True
        finally:
            upstream.close()

    @staticmethod
    def _head(handler, status, headers, length):
        handler.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "keep-alive"):
                handler.send_header(name, value)
        if length is not None and status != 304:
            handler.send_header("Content-Length", str(length))
        if length is None:
            handler.send_header("Connection", "close")
            handler.close_connection = True
        handler.end_headers()

    def _answer(self, handler, status, headers, body):
        self._head(handler, status, headers, len(body))
        handler.wfile.write(body)

    def _stream(self, handler, response):
        self._head(handler, response.status, response.getheaders(), None)
        while self.mode != "dead":
            some = response.read1(65536)
            if not some:
                return
            handler.wfile.write(some)
            handler.wfile.flush()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
