#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""routes_described.py OPENAPI: compares it with the table of routes on standard input, one JSON object a line.

A call has the same parameters of the query, of the same kind, required or not, with the same limits and choices, and says as x-right which
right it wants, and as x-second whether a second person decides. Prints each difference; fails if there is one.
"""

import json
import sys

import yaml

KINDS = {"code": {"string"}, "text": {"string"}, "time": {"string"}, "number": {"integer"}, "choice": {"string", "integer", "boolean"}}


def resolved(document, item):
    while "$ref" in item:
        target = document
        for part in item["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        item = target
    return item


def choices(schema):
    if schema["type"] == "boolean":
        return ["true", "false"]
    return [str(one) for one in schema.get("enum", [])]


def compare(where, param, described):
    schema = described["schema"]
    if bool(described.get("required")) != param["required"]:
        yield f"{where}: required {param['required']} in routes.c"
    if schema["type"] not in KINDS[param["kind"]]:
        yield f"{where}: a {param['kind']} in routes.c, {schema['type']} in openapi.yaml"
    if (schema.get("format") == "date-time") != (param["kind"] == "time"):
        yield f"{where}: a {param['kind']} in routes.c, format {schema.get('format')} in openapi.yaml"
    if param["kind"] == "choice" and sorted(choices(schema)) != sorted(param["choices"]):
        yield f"{where}: one of {param['choices']} in routes.c, {choices(schema)} in openapi.yaml"
    if param["kind"] == "number":
        limits = (schema.get("minimum"), schema.get("maximum", 2**63 - 1), schema.get("default"))
        if limits != (param["min"], param["max"], param["otherwise"]):
            yield f"{where}: {param['min']}..{param['max']}, {param['otherwise']} in routes.c, {limits} in openapi.yaml"


def differences(document, route):
    where = f"{route['method']} {route['path']}"
    call = document["paths"][route["path"]][route["method"].lower()]
    described = {one["name"]: one for one in (resolved(document, one) for one in call.get("parameters", [])) if one["in"] == "query"}
    if call.get("x-right") != route["right"]:
        yield f"{where}: right {route['right']} in routes.c, x-right {call.get('x-right')} in openapi.yaml"
    if call.get("x-second", False) != route["second"]:
        yield f"{where}: second {route['second']} in routes.c, x-second {call.get('x-second', False)} in openapi.yaml"
    for param in route["params"]:
        if param["name"] not in described:
            yield f"{where}: openapi.yaml does not describe {param['name']}"
        else:
            yield from compare(f"{where} {param['name']}", param, described.pop(param["name"]))
    yield from (f"{where}: openapi.yaml describes {name}, which the call does not know" for name in described)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = yaml.safe_load(file)
    found = [why for line in sys.stdin for why in differences(document, json.loads(line))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
