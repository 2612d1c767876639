# SPDX-License-Identifier: MIT
"""The files of a region: region.json, its feeds, and the truth about them."""

import json

from . import collection, grid, ics, roster, workbook
from .clock import text_of


def extension(rota):
    if rota.dialect == "rotation":
        return "json"
    return "xlsx" if rota.dialect.endswith("_xlsx") else "csv" if rota.dialect.startswith(("roster", "grid")) else "xml" if rota.caldav else "ics"


def feed_name(rota):
    return f"{rota.published}.{extension(rota)}"


def bytes_of(region, rota, entries=None):
    """The calendar that the rota's program would publish; of a rotation its editions."""
    if rota.dialect == "rotation":
        return json.dumps([{"from": text_of(starts), "layers": layers} for starts, layers in rota.editions], indent=1).encode()
    if rota.sheet:
        return grid.write(region, rota.sheet, {rota.id: rota.entries if entries is None else entries})
    entries = rota.entries if entries is None else entries
    if rota.dialect == "roster_xlsx":
        return workbook.write(rota.title, entries)
    if rota.dialect.startswith("roster"):
        return roster.write(rota.dialect, rota.title, entries)
    if rota.caldav:
        return collection.write(rota, ics.DIALECTS[rota.dialect], entries, region.first)
    return ics.DIALECTS[rota.dialect].write(rota.title, entries, region.first)


def source_json(rota, address):
    if rota.dialect == "rotation":
        return {"kind": "typed"}
    if not rota.by_url and rota.sheet and rota.sheet.once:
        return {"kind": "file"}
    if not rota.by_url:
        return {"kind": "file", "path": f"feeds/{feed_name(rota)}"}
    return {"kind": "caldav" if rota.caldav else "ical_url", "url": address(rota.published), "every_minutes": 60}


def rota_json(region, rota, address):
    owner = {"organisation": rota.organisation, "absences": True} if rota.absences else {"service": rota.service, "tier": rota.tier}
    reading = grid.reading(region, rota) if rota.sheet else rota.reading
    reading = {"reading": reading} if reading else {}
    return {"id": rota.id, **owner, "source": source_json(rota, address), **reading}


def person_json(person):
    found = {"id": person.id, "name": person.name, "organisation": person.organisation, "roles": person.roles, "work_phone": person.phone}
    found |= {"team": person.works_in} if person.works_in else {}
    return found | ({"aliases": person.aliases} if person.aliases else {})


def place_json(place):
    found = {"code": place.code, "name": place.name, "kind": place.kind}
    if place.parents:
        found["parents"] = place.parents
    found |= days_json(place.since, place.until)
    found |= {"ladders": place.ladders} if place.ladders else {}
    return found | ({"successors": place.successors} if place.successors else {})


def need_json(part):
    functions = part["functions"]
    found = {"any_of": functions} if len(functions) > 1 else {"function": functions[0]}
    return found | {key: part[key] for key in ("count", "different_teams", "team_counts")}


def requirement_json(requirement):
    if requirement.needs:
        return {"id": requirement.id, "place": requirement.place, "function": requirement.function, "hours": requirement.hours,
                "needs": [need_json(part) for part in requirement.needs]}
    found = {"id": requirement.id, "place": requirement.place, "function": requirement.function, "count": requirement.count,
             "hours": requirement.hours, "team_counts": requirement.team_counts, "tolerance_minutes": requirement.tolerance}
    found |= {"role": "any"} if requirement.any_role else {}
    return found | ({"max_share": requirement.max_share} if requirement.max_share else {})


def days_json(first, end):
    return ({"from": first.isoformat()} if first else {}) | ({"until": end.isoformat()} if end else {})


def service_json(service):
    places = [{"place": place, **days_json(*service.stays[place])} if place in service.stays else place for place in service.places]
    return {"id": service.id, "name": service.name, "function": service.function, "organisation": service.organisation, "places": places,
            "phone": service.phone, "fallback": {"text": service.fallback, "phone": "+441632960111"}}


def region_json(region, address):
    """The region file. ${address}: name of a feed -> URL."""
    return {
        "crisiscover": 1, "time_zone": "Europe/London", "bank_holidays": "england-and-wales",
        "organisations": [{"code": code, "name": name, "kind": kind} for code, (name, kind) in region.organisations.items()],
        "functions": [{"code": code, "name": name} for code, name in region.functions.items()],
        "places": [place_json(place) for place in region.places.values()],
        "people": [person_json(person) for person in region.people.values()],
        "services": [service_json(each) for each in region.services.values()],
        "rotas": [rota_json(region, rota, address) for rota in region.rotas.values()],
        "requirements": [requirement_json(each) for each in region.requirements.values()],
        "accounts": [],
    }


def truth_lines(step, region, known, demands):
    """One line a span of ${demands} (place, requirement)."""
    for place, requirement in demands:
        function = region.requirements[requirement].function
        for _, spans in known.spans(place, requirement):
            for span in spans:
                yield {"step": step, "place": place, "function": function, "requirement": requirement, "start": text_of(span.start),
                       "end": text_of(span.end), "state": span.state, "present": span.present, "required": span.required,
                       "people": [list(who) if isinstance(who, tuple) else who for who in span.people]}


def write_lines(path, lines):
    """Answers how many."""
    count = 0
    with open(path, "w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count
