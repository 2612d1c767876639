# SPDX-License-Identifier: MIT
"""Identity providers (real ones, in Node.js), the proxy in front of the server (a real Apache with mod_auth_openidc), and a browser's part in both."""

import html
import http.client
import http.server
import json
import os
import re
import secrets
import shutil
import socketserver
import threading
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit

import leaks
from servers import Process, environment, give_away, new_folder, remove, run, wait_until
from testbed import TOP, Answer, body_of, free_port

MODULES = "/usr/lib/apache2/modules"
NPM = TOP / "build" / "provider"
SIGN_IN = "/v1/sign-in/oidc"
TENANT = "11111111-2222-3333-4444-555555555555"

HTTPD = """
ServerRoot "{folder}"
PidFile "{folder}/httpd.pid"
DefaultRuntimeDir "{folder}"
Listen 127.0.0.1:{port}
ServerName 127.0.0.1:{port}
ErrorLog "{folder}/apache-errors.log"
LogLevel info
StartServers 1
ServerLimit 2
ThreadsPerChild 25
MaxRequestWorkers 50
{modules}
Include "{folder}/apache/crisiscover.conf"
CustomLog "{folder}/apache-access.log" crisiscover
"""


class Providers:
    """One process with several of them. ${issuers}: a name and what acr values it has."""

    def __init__(self, release_folder, redirect, people):
        self.folder = release_folder
        self.people, self.redirect, self.process = people, redirect, None
        self.hosts, self.ports, self.secret = {}, {}, secrets.token_hex(16)
        self.rows = []

    def add(self, name, acr=(), host="127.0.0.1"):
        self.hosts[name], self.ports[name] = host, free_port()
        self.rows.append({"host": host, "port": self.ports[name], "acr": list(acr),
                          "client": {"client_id": f"cover-{name}", "client_secret": self.secret, "redirect_uris": [f"{self.redirect}{SIGN_IN}/callback"],
                                     "post_logout_redirect_uris": [f"{self.redirect}/"]}})

    def issuer(self, name):
        return f"http://{self.hosts[name]}:{self.ports[name]}"

    def start(self, folder):
        path = folder / "providers.json"
        path.write_text(json.dumps({"providers": self.rows, "people": self.people}))
        path.chmod(0o644)
        self.process = Process("providers", ["/usr/bin/node", self.folder / "provider.js", path], folder, environment(NODE_ENV="production"))
        for port in self.ports.values():
            wait_until(lambda port=port: self._answers(port), 60, "the identity provider answered")

    def _answers(self, port):
        assert self.process.alive, self.process.log.read_text(errors="replace")[-3000:]
        try:
            return Browser().ask("GET", f"http://127.0.0.1:{port}/.well-known/openid-configuration").status == 200
        except OSError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.kill_session()


class Apache:
    """The proxy, configured by deploy/apache/configure as a hospital would."""

    def __init__(self, testbed):
        self.testbed, self.folder, self.port, self.process = testbed, testbed.folder, free_port(), None
        self.socket = self.folder / "door" / "socket"
        self.socket.parent.mkdir(mode=0o750)
        give_away(self.socket.parent)
        self.secret = secrets.token_hex(32)
        self.secret_file = self._private("identity.secret", self.secret)
        testbed.known.add(leaks.PASSWORD, self.secret)
        self.client_secrets = self.folder / "client-secrets"
        self.client_secrets.mkdir()
        (self.folder / "apache").mkdir()
        give_away(self.folder / "apache")
        testbed.configure(identity_socket=self.socket, identity_secret=self.secret_file)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def _private(self, name, text):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        give_away(path)
        return path

    def configure(self, client_secret, check=True, api=None, where=None):
        """${api}, ${where}: in the place of the server's port and socket."""
        providers = self.testbed.get("/v1/providers")
        assert providers.status == 200, providers
        self.testbed.known.add(leaks.PASSWORD, client_secret)
        for row in providers.json["providers"]:
            self._private(f"client-secrets/{row['id']}", client_secret)
        tool = self.folder / "tool"
        shutil.copytree(TOP / "deploy" / "apache", tool, dirs_exist_ok=True)
        run(["chmod", "-R", "a+rX", tool], "/", as_user=False)
        return run([tool / "configure", "--url", self.url, "--out", self.folder / "apache", "--socket", where or self.socket, "--proxy-secret", self.secret_file,
                    "--client-secrets", self.client_secrets, "--api", api or self.testbed.url], self.folder, self.testbed.environment, check=check)

    def start(self, env=None):
        names = ["mpm_event", "authn_core", "authz_core", "authz_user", "env", "setenvif", "alias", "headers", "proxy", "proxy_http", "auth_openidc"]
        (self.folder / "httpd.conf").write_text(HTTPD.format(folder=self.folder, port=self.port, modules="\n".join(
            f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names)))
        self.process = Process("apache", ["/usr/sbin/apache2", "-f", self.folder / "httpd.conf", "-DFOREGROUND"], self.folder, env)
        wait_until(self._answers, 30, "Apache answered")
        return self

    def _answers(self):
        assert self.process.alive, self.process.log.read_text(errors="replace")[-3000:]
        try:
            return Browser().ask("GET", f"{self.url}/healthz").status == 200
        except OSError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.kill_session()


class Echo:
    """In the place of the server: notes the headers of what reaches it, at a port or (${path}) at a unix socket."""

    def __init__(self, path=None):
        self.heard = []
        heard = self.heard

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append((self.path, self.headers.items()))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def address_string(self):
                return "here"

            def log_message(self, *_):
                pass

        if path is None:
            self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        else:
            path.unlink(missing_ok=True)
            self.server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
            self.server.daemon_threads = True
            path.chmod(0o666)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Browser:
    """Cookies by host, port and path, and where an answer leads. Each request is on a connection of its own."""

    def __init__(self):
        self.cookies, self.trail, self.always = {}, [], {}

    def ask(self, method, url, form=None, headers=None, seconds=20):
        """One request, led nowhere."""
        parts = urlsplit(url)
        headers = {"Host": parts.netloc, **self.always, **(headers or {})}
        cookies = [f"{name}={value}" for (place, path, name), value in self.cookies.items() if place == parts.netloc and parts.path.startswith(path)]
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        body = None
        if form is not None:
            body = urlencode(form).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
        try:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, body_of(response))
        finally:
            connection.close()
        self._keep(parts.netloc, answer)
        return answer

    def _keep(self, place, answer):
        for line in answer.headers.get_all("Set-Cookie") or []:
            first, *rest = [part.strip() for part in line.split(";")]
            name, value = first.split("=", 1)
            said = dict((part.split("=", 1) + [""])[:2] for part in rest)
            key = (place, said.get("Path") or said.get("path") or "/", name)
            if value == "" or said.get("Max-Age") == "0" or "1970" in (said.get("expires") or said.get("Expires") or ""):
                self.cookies.pop(key, None)
            else:
                self.cookies[key] = value

    def follow(self, url, login=None, method="GET", form=None):
        """Goes where it is led, signs in as ${login} where a provider asks, and answers the last page with its address."""
        self.trail = []
        for _ in range(20):
            answer = self.ask(method, url, form)
            self.trail.append((method, url, answer.status))
            method, form = "GET", None
            if answer.status in (301, 302, 303, 307):
                url = urljoin(url, answer.headers["Location"])
                if "#" in url and urlsplit(url).path == "/":
                    return url, answer
            elif "Who are you?" in answer.text and login is not None:
                method, form = "POST", {"login": login}
            elif 'name="xsrf"' in answer.text:  # the provider asks whether to sign out
                url = urljoin(url, html.unescape(re.search(r'action="([^"]+)"', answer.text)[1]))
                method, form = "POST", {"xsrf": re.search(r'name="xsrf" value="([^"]+)"', answer.text)[1], "logout": "yes"}
            else:
                return url, answer
        raise AssertionError(f"led in circles: {self.trail}")


class House:
    """A server with its proxy and providers: what the scenarios of this family begin with."""

    def __init__(self, testbed, people):
        self.testbed, self.apache = testbed, Apache(testbed)
        if not (NPM / "node_modules").is_dir():
            raise RuntimeError(f"{NPM} is not there: tests/run fetches it")
        self.programs = new_folder("provider", "/tmp")
        for name in ("node_modules", "package.json"):
            run(["cp", "-a", NPM / name, self.programs], "/", as_user=False)
        shutil.copy2(TOP / "tests" / "provider" / "provider.js", self.programs)
        run(["chmod", "-R", "a+rX", self.programs], "/", as_user=False)
        self.providers = Providers(self.programs, self.apache.url, people)

    def set_provider(self, code, body, acr=(), host="127.0.0.1"):
        """Sets it up at the server, with an issuer of its own; for a browser, ${host} "localhost" is another site."""
        self.providers.add(code, acr, host)
        body = {"name": code.capitalize(), "issuer": self.providers.issuer(code), "client_id": f"cover-{code}", **body}
        answer = self.testbed.request("PUT", f"/v1/providers/{code}", body)
        assert answer.status == 201, answer

    def start(self):
        self.providers.start(self.testbed.folder)
        self.apache.configure(self.providers.secret)
        self.apache.start()

    def way_in(self, code):
        return f"{self.apache.url}{SIGN_IN}/callback?iss={quote(self.providers.issuer(code), safe='')}"

    def sign_in(self, code, login, browser=None):
        """Answers the browser, and what the front door is told: None where it is signed in."""
        browser = browser or Browser()
        url, answer = browser.follow(self.way_in(code), login)
        return browser, (url.split("#sign-in=")[1] if "#sign-in=" in url else None), answer

    def me(self, browser):
        answer = browser.ask("GET", f"{self.apache.url}/v1/me")
        return answer.json if answer.status == 200 else answer.status

    def close(self):
        self.apache.stop()
        self.providers.stop()
        remove(self.programs)
