# SPDX-License-Identifier: MIT
"""An authority of a test's own, and a certificate of it for localhost."""
import subprocess
from ssl import PROTOCOL_TLS_SERVER, SSLContext

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def context(folder):
    """What a server on localhost needs; ${folder} gets the files, the authority's certificate as ca.pem."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", *KEY, "-days", "3650", "-subj", "/CN=An authority of the test", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *KEY, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-copy_extensions", "copy", "-out", "server.pem")
    made = SSLContext(PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / "server.pem", folder / "server.key")
    return made
