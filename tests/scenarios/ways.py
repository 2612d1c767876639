# SPDX-License-Identifier: MIT
"""What stands between a rota and its calendar in a trust: a server of CalDAV, a certificate authority of its own, a proxy that wants a password."""

import base64
import http.client
import select
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from servers import environment, wait_until
from testbed import free_port


class Authority:
    """A private certificate authority, made by openssl."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.pem = self.folder / "ca.pem"
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Fenmere private CA", "-keyout", "ca.key",
                      "-out", "ca.pem")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=True)

    def certify(self, *names):
        """Paths of a certificate for these names ("DNS:x", "IP:127.0.0.1") and of its key."""
        (self.folder / "names").write_text(f"subjectAltName={','.join(names)}\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server", "-keyout", "server.key", "-out", "server.csr")
        self._openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
                      "-out", "server.pem")
        return self.folder / "server.pem", self.folder / "server.key"

    def context(self):
        return ssl.create_default_context(cafile=self.pem)


class Radicale:
    """A server of CalDAV over https with one user."""

    def __init__(self, folder, authority, user, password):
        self.folder, self.authority, self.port = Path(folder), authority, free_port()
        self.user = user
        self.folder.mkdir()
        self._login = base64.b64encode(f"{user}:{password}".encode()).decode()
        certificate, key = authority.certify("IP:127.0.0.1")
        (self.folder / "users").write_text(f"{user}:{password}\n")
        (self.folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\nssl = True\ncertificate = {certificate}\nkey = {key}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {self.folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {self.folder}/collections\n")
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(["radicale", "--config", self.folder / "config", "--logging-level", "info"], stdout=log, stderr=log,
                                            env=environment())
        wait_until(self._is_up, 20, "Radicale listens")

    def _is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def close(self):
        self.process.terminate()
        self.process.wait(10)

    def url(self, name):
        return f"https://127.0.0.1:{self.port}/{self.user}/{name}/"

    def ask(self, method, path, body=None, status=201):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=self.authority.context())
        connection.request(method, f"/{self.user}/{path}", body, {"Authorization": f"Basic {self._login}", "Content-Type": "text/calendar"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == status, (method, path, answer.status)

    def asked(self, method):
        """How many requests of that kind came from others than this class."""
        return self.log.read_text().count(f"{method} request for")


class Proxy:
    """A forward proxy that wants a login, and alone knows where the names of ${hosts} are. ${mode}: ok, or a status to refuse with."""

    def __init__(self, login, hosts):
        self.login, self.hosts, self.mode, self.asked = login, hosts, "ok", []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self):  # noqa: N802  (the name http.server calls)
                proxy._connect(self)

            def do_GET(self):  # noqa: N802
                proxy.asked.append(self.path)
                proxy._refuse(self, 403)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def _refuse(request, status):
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.send_header("Connection", "close")
        request.end_headers()
        request.close_connection = True

    def _connect(self, request):
        self.asked.append(request.path)
        wanted = "Basic " + base64.b64encode(self.login.encode()).decode()
        if request.headers.get("Proxy-Authorization") != wanted:
            self._refuse(request, 407)
        elif self.mode != "ok" or request.path not in self.hosts:
            self._refuse(request, self.mode if self.mode != "ok" else 502)
        else:
            with socket.create_connection(self.hosts[request.path], 5) as server:
                request.send_response(200)
                request.end_headers()
                self._pass(request.connection, server)
            request.close_connection = True

    @staticmethod
    def _pass(one, other):
        ends = {one: other, other: one}
        while True:
            for end in select.select(list(ends), [], [], 30)[0]:
                data = end.recv(65536)
                if not data:
                    return
                ends[end].sendall(data)


class SecurePublisher:
    """Bodies over https, under a certificate of the authority."""

    def __init__(self, authority, name):
        self.bodies = {}
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                body = publisher.bodies.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Type", "application/octet-stream")
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.certify(f"DNS:{name}"))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def address(self):
        return self._server.server_address

    def close(self):
        self._server.shutdown()
        self._server.server_close()
