# SPDX-License-Identifier: MIT
"""A PostgreSQL on another machine: TLS whose certificate is checked against the name, and a password for each role's login."""

import secrets
import subprocess

import psycopg2
import pytest

from regions import calendar, round_the_clock, small
from servers import give_away, wait_until
from testbed import free_port

LOGINS = ("api", "feeds", "coverage", "flags", "notify")
NAME = "db.trust.example"


def certificate(folder):
    """An authority, and what it has signed for NAME. Answers the authority's file."""
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=An authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-copy_extensions", "copy", "-out", "server.pem")
    for name in ("server.key", "server.pem", "ca.pem"):
        (folder / name).chmod(0o600 if name == "server.key" else 0o644)
        give_away(folder / name)
    return folder / "ca.pem"


@pytest.fixture
def elsewhere(testbed):
    """The testbed's PostgreSQL, which lets nobody in over TCP but the roles' logins by TLS and password."""
    testbed.token = testbed.release.token
    authority, port = certificate(testbed.folder), free_port()
    passwords = testbed.folder / "passwords"
    passwords.mkdir(mode=0o755)
    testbed.postgres.stop()
    with open(testbed.postgres.data / "postgresql.conf", "a", encoding="utf-8") as conf:
        conf.write(f"listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\nssl_cert_file = '{testbed.folder}/server.pem'\n"
                   f"ssl_key_file = '{testbed.folder}/server.key'\npassword_encryption = 'scram-sha-256'\n")
    hba = testbed.postgres.data / "pg_hba.conf"
    hba.write_text("local all all trust\nhostssl crisiscover " + ",".join(f"crisiscover_{login}" for login in LOGINS) + " 127.0.0.1/32 scram-sha-256\n")
    testbed.postgres.start()
    testbed.postgres.conninfo = lambda login: f"host={testbed.postgres.folder} port={port} dbname=crisiscover user={login}"
    for login in LOGINS:
        password = f"it's \\ {secrets.token_urlsafe(24)}"
        testbed.known.add("password", password)
        connection = psycopg2.connect(testbed.postgres.conninfo("postgres"))
        with connection, connection.cursor() as cursor:
            cursor.execute(f"alter role crisiscover_{login} password %s", [password])
        connection.close()
        (passwords / login).write_text(password + "\n")
        (passwords / login).chmod(0o400)
        give_away(passwords / login)
        testbed.written.add(f"passwords/{login}")
    testbed.conninfo = lambda **values: " ".join(f"{key}={value}" for key, value in {
        "host": NAME, "hostaddr": "127.0.0.1", "port": port, "dbname": "crisiscover", "sslmode": "verify-full", "sslrootcert": authority, **values}.items())
    testbed.configure(database_passwords=passwords)
    return testbed


def test_g26_roles_reach_a_postgresql_elsewhere_by_tls_and_password_and_no_other_server(elsewhere):
    testbed = elsewhere
    # By another name than the certificate's it is not believed, and is told no password.
    testbed.configure(database=testbed.conninfo(host="other.trust.example"))
    testbed.start()
    reason = wait_until(lambda: testbed.get("/readyz", token=None).json["database"]["reason"], 20, "it was told why")
    assert "does not match host name" in reason and "other.trust.example" in reason, reason
    assert testbed.sql("select count(*) from pg_stat_activity where usename ~ '^crisiscover_'", login="postgres")[0][0] == 0
    testbed.stop()
    testbed.configure(database=testbed.conninfo())
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 30, "the feed was read and swept")
    rows = dict(testbed.sql("select usename::text, bool_and(ssl and client_addr is not null) from pg_stat_activity join pg_stat_ssl using (pid) "
                            "where usename ~ '^crisiscover_' group by 1", login="postgres"))
    assert rows == {f"crisiscover_{login}": True for login in LOGINS}
