# SPDX-License-Identifier: MIT
"""A calendar as a collection of CalDAV (RFC 4791) answers for it: each event, with the changes of its series, in an object of its own."""

import hashlib
import random
from xml.sax.saxutils import escape

MULTISTATUS = '<?xml version="1.0" encoding="utf-8"?>\n<{d}multistatus xmlns{D}="DAV:" xmlns:{c}="urn:ietf:params:xml:ns:caldav">'


def objects(dialect, title, entries, first):
    """By name the bytes of each object."""
    found = {}
    for entry in entries:
        found.setdefault(dialect.uid(entry), []).append(entry)
    return {f"{hashlib.sha256(uid.encode()).hexdigest()[:20]}.ics": dialect.write(title, group, first) for uid, group in found.items()}


def content(body, dice):
    """As servers put it into XML: what ends a line is kept by an entity, or is lost to XML's own rule; a section needs no entities."""
    text = body.decode()
    if dice == "entities":
        return escape(text).replace("\r", "&#13;")
    if dice == "section":
        return f"<![CDATA[{text}]]>"
    return escape(text.replace("\r\n", "\n"))


def write(rota, dialect, entries, first):
    """The answer to the question for all objects, as the server of this rota gives it."""
    dice = random.Random(f"collection {rota.id}")
    prefix, caldav, style = dice.choice(["", "D", "d"]), dice.choice(["C", "cal", "B"]), dice.choice(["entities", "section", "lines"])
    d, itself, lacking = f"{prefix}:" if prefix else "", dice.random() < 0.3, dice.random() < 0.3
    parts = [MULTISTATUS.format(d=d, D=f":{prefix}" if prefix else "", c=caldav)]
    if itself:
        parts.append(f"<{d}response><{d}href>/dav/{rota.id}/</{d}href><{d}propstat><{d}prop><{d}getetag>\"0\"</{d}getetag></{d}prop>"
                     f"<{d}status>HTTP/1.1 200 OK</{d}status></{d}propstat></{d}response>")
    listed = list(objects(dialect, rota.title, entries, first).items())
    dice.shuffle(listed)
    for name, body in listed:
        tag = hashlib.sha256(body).hexdigest()[:12]
        parts.append(f"<{d}response><{d}href>/dav/{rota.id}/{name}</{d}href><{d}propstat><{d}prop><{d}getetag>\"{tag}\"</{d}getetag>"
                     f"<{caldav}:calendar-data>{content(body, style)}</{caldav}:calendar-data></{d}prop><{d}status>HTTP/1.1 200 OK</{d}status></{d}propstat>")
        if lacking:
            parts.append(f"<{d}propstat><{d}prop><{d}displayname/></{d}prop><{d}status>HTTP/1.1 404 Not Found</{d}status></{d}propstat>")
        parts.append(f"</{d}response>")
    return "\n".join([*parts, f"</{d}multistatus>\n"]).encode()
