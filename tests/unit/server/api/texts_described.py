#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""texts_described.py OPENAPI: every text that a call takes, by server/openapi.yaml, and every text of the region file on standard input.

Prints a line for each: METHOD, path, type of the body, how the text is told in a fault, and a request that has nothing but it, with MARK in its
place: a body, or for a parameter of the query the path. Divided by tabs. Texts whose form openapi.yaml gives (a time, one of a list) have "form" as
a sixth column, others "words".
"""

import json
import sys
from urllib.parse import quote

import yaml

from routes_described import resolved

MARK = "@MARK@"
KINDS = {"organisations": "code", "functions": "code", "places": "code", "people": "id", "services": "id", "rotas": "id", "requirements": "id",
         "accounts": "name", "areas": "code", "navigators": "id"}


def texts(document, schema, path="$", around=lambda text: text):
    """Each text of a schema: its path, a value that has MARK there alone, its schema."""
    schema = resolved(document, schema)
    for choice in ("allOf", "oneOf", "anyOf"):
        for one in schema.get(choice, []):
            yield from texts(document, one, path, around)
    if schema.get("type") == "string":
        yield path, around(MARK), schema
    for name, inner in schema.get("properties", {}).items():
        yield from texts(document, inner, f"{path}.{name}", lambda text, name=name: around({name: text}))
    if "items" in schema:
        yield from texts(document, schema["items"], f"{path}[0]", lambda text: around([text]))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from texts(document, schema["additionalProperties"], f"{path}.x", lambda text: around({"x": text}))


# Members whose own members are called what somebody typed.
TYPED_KEYS = {"aliases", "words", "shift_codes"}


def of_value(value, path="$", around=lambda text: text):
    """Each text of a value, also what somebody called a member: its path, and the value with MARK in its place."""
    if isinstance(value, str):
        yield path, around(MARK)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from of_value(inner, f"{path}[{at}]", lambda text, at=at: around(value[:at] + [text] + value[at + 1:]))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from of_value(inner, f"{path}.{name}", lambda text, name=name: around({**value, name: text}))
            if name in TYPED_KEYS and isinstance(inner, dict):
                yield f"{path}.{name}", around({**value, name: {MARK: "x"}})


def with_body(document):
    for path, calls in document["paths"].items():
        for method in ("post", "put", "patch", "delete"):
            call = calls.get(method, {})
            for kind, content in resolved(document, call.get("requestBody", {})).get("content", {}).items():
                for where, value, schema in texts(document, content.get("schema", {})):
                    form = "form" if "enum" in schema or schema.get("format") in ("date-time", "date") else "words"
                    if kind == "application/x-www-form-urlencoded":
                        yield method, path, kind, where, "&".join(f"{name}={text}" for name, text in value.items()), form
                    elif isinstance(value, dict):
                        yield method, path, kind, where, json.dumps(value), form
            for one in (resolved(document, one) for one in call.get("parameters", [])):
                if one["in"] == "query" and one["schema"].get("type") == "string" and "enum" not in one["schema"]:
                    yield method, path, "query", f"query.{one['name']}", f"{path}?{quote(one['name'])}={MARK}", "words"


def of_region(region):
    for where, value in of_value(region):
        yield "put", "/v1/region", "application/json", where, json.dumps(value), "words"
    for kind, key in KINDS.items():
        for item in region.get(kind, [])[:2]:
            for where, value in of_value(item):
                yield "put", f"/v1/{kind}/{item[key]}", "application/json", where, json.dumps(value), "words"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = yaml.safe_load(file)
    for method, *rest in [*with_body(document), *of_region(json.load(sys.stdin))]:
        print("\t".join([method.upper(), *rest]))


if __name__ == "__main__":
    main()
