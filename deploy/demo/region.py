# SPDX-License-Identifier: MIT
"""The demo region as a region file: what commissioners ask for at those places, and the set-up round the services."""

from navigators import navigators
from names import COUNCILS, EDS, FUNCTIONS, ICBS, MHA_NEEDS, ORGANISATIONS, PATCHES, SUITES, areas, places

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
ALWAYS = [{"days": ["all"], "from": "00:00", "to": "24:00"}]
OFFICE = [{"days": WEEKDAYS, "from": "09:00", "to": "17:00"}]
# Every night, and the days of weekends and bank holidays.
OUT_OF_HOURS = [{"days": ["all"], "from": "17:00", "to": "09:00"},
                {"days": ["sat", "sun", "bank_holiday"], "from": "09:00", "to": "17:00"}]


def hours(start, end):
    return [{"days": ["all"], "from": start, "to": end}]


def requirements():
    """The template that a commissioner would load (R01 to R16), at these places."""
    found = []

    def ask(number, place, function, count, when, team_counts=False, tolerance=0):
        found.append({"id": f"{number}-{place.lower()}", "place": place, "function": function, "count": count,
                      "team_counts": team_counts, "tolerance_minutes": tolerance, "hours": when})

    for area in COUNCILS:
        ask("R01", area, "amhp", 1, ALWAYS)
        ask("R02", area, "amhp", 2, OFFICE + [{"days": ["sat", "sun", "bank_holiday"], "from": "10:00", "to": "18:00"}])
        ask("R03", area, "edt", 1, OUT_OF_HOURS, team_counts=True)
        ask("R10", area, "s12_doctor", 2, ALWAYS)
    for place in EDS:
        if place == "ZED03":
            ask("R04", place, "liaison", 1, hours("08:00", "23:00"))
            continue
        ask("R04", place, "liaison", 2, hours("08:00", "24:00"))
        ask("R04-night", place, "liaison", 1, hours("00:00", "08:00"))
    for place in ("ZED01", "ZED02", "ZED04", "ZED05"):
        ask("R05", place, "liaison_consultant", 1, OFFICE)
    for patch in PATCHES:
        ask("R06", patch, "crht", 2, ALWAYS)
        ask("R07", patch, "resident_doctor", 1, OUT_OF_HOURS)
        ask("R08", patch, "higher_trainee", 1, OUT_OF_HOURS)
        ask("R09", patch, "consultant", 1, OUT_OF_HOURS)
        ask("R14", patch, "manager", 1, ALWAYS, tolerance=15)
        ask("R14-gold", patch, "director", 1, ALWAYS, tolerance=15)
    for place in (*SUITES, "ZED01"):
        ask("R11", place, "hbpos", 1, ALWAYS, team_counts=True)
    ask("R12", "X54000001", "camhs_crisis", 1, ALWAYS)
    ask("R12", "X54000002", "camhs_crisis", 1, hours("08:00", "22:00"))
    ask("R13", "X12000001", "camhs_consultant", 1, OUT_OF_HOURS)
    for icb in ICBS:
        ask("R15", icb, "mh111", 1, ALWAYS, team_counts=True)
    ask("R15-cafe", "X54000001", "crisis_cafe", 1, hours("18:00", "23:00"), team_counts=True)
    for area in ("X06000004", "X06000005"):
        ask("R16", area, "street_triage", 1, hours("16:00", "02:00"), team_counts=True)
    ask("R17", "ZED01", "addiction_liaison", 1, ALWAYS)
    # Both pay for it. The post is empty, and its risk is accepted (protocols.sql).
    found[-1]["commissioners"] = [{"commissioner": "ZI1", "share": 60}, {"commissioner": "ZAB", "share": 40}]
    found.append({"id": "R18-zed04", "place": "ZED04", "function": "mha_assessment", "needs": MHA_NEEDS, "hours": ALWAYS})
    return found


def accounts():
    found = [
        {"name": "st-oswins-ed", "kind": "device", "role": "viewer", "places": ["ZED01"]},
        {"name": "fenmere-west-ed", "kind": "device", "role": "viewer", "places": ["ZED04"]},
        {"name": "marlwick-switchboard", "kind": "person", "role": "switchboard", "organisation": "ZMU"},
    ]
    for icb, organisation in ICBS.items():
        areas = [code for code, (_, _, of, _) in COUNCILS.items() if of == icb]
        found.append({"name": f"commissioner-{organisation.lower()}", "kind": "person", "role": "commissioner",
                      "organisation": organisation,
                      "places": [icb] + areas + [code for code, (_, area) in (EDS | SUITES).items() if area in areas]})
    found.append({"name": "commissioner-zab", "kind": "person", "role": "commissioner", "organisation": "ZAB", "places": ["X06000002"]})
    for code, _, kind in ORGANISATIONS:
        if kind in ("local_authority", "nhs_trust", "voluntary") and code != "ZMU":
            found.append({"name": f"rotas-{code.lower()}", "kind": "person", "role": "rota_manager", "organisation": code})
    return found


def on_call(plan):
    """The account of somebody on a rota."""
    person = next(one["id"] for one in plan.people.listed() if one["organisation"] == "ZFC" and "amhp" in one["roles"])
    return {"name": "amhp-on-call", "kind": "person", "role": "viewer", "organisation": "ZFC", "person": person, "places": ["X06000001"]}


# The decisions that the manager of a roster has made about it.
ROSTER_READING = {"date_order": "dmy", "shift_codes": {"LD": {"from": "08:00", "to": "20:00"}, "N": {"from": "20:00", "to": "08:00"}}}


def source_of(rota, feeds):
    suffix = "csv" if rota.dialect == "roster" else "ics"
    if not rota.by_url:
        return {"kind": "file", "path": f"feeds/{rota.id}.{suffix}"}
    url = f"{feeds}/{rota.id}.ics"
    if rota.broken == "missing":
        url = f"{feeds}/{rota.id}-last-year.ics"
    if rota.broken == "refused":
        url = f"http://127.0.0.1:9/{rota.id}.ics"  # the discard port: nobody is there
    return {"kind": "ical_url", "url": url, "every_minutes": 1}


def rota_of(rota, feeds):
    entry = {"id": rota.id}
    if rota.service:
        entry |= {"service": rota.service, "tier": rota.tier}
    else:
        entry |= {"organisation": rota.organisation, "absences": True}
    entry["source"] = source_of(rota, feeds)
    reading = ROSTER_READING | rota.reading if rota.dialect == "roster" else rota.reading
    if reading:
        entry["reading"] = reading
    return entry


def region_file(plan, feeds):
    return {
        "crisiscover": 1,
        "time_zone": "Europe/London",
        "bank_holidays": "england-and-wales",
        "organisations": [{"code": code, "name": name, "kind": kind} for code, name, kind in ORGANISATIONS],
        "functions": [{"code": code, "name": name} for code, name in FUNCTIONS],
        "places": places(),
        "people": plan.people.listed(),
        "services": [
            {"id": one.id, "name": one.name, "function": one.function, "organisation": one.organisation, "places": one.places,
             "phone": one.phone, "fallback": {"text": one.fallback, "phone": one.fallback_phone},
             # Anybody may ring these, or come.
             "self_referral": one.function in ("crisis_cafe", "crht", "mh111")}
            for one in plan.services
        ],
        "rotas": [rota_of(rota, feeds) for rota in plan.rotas],
        "requirements": requirements(),
        "accounts": accounts() + [on_call(plan)],
        "areas": areas(),
        "navigators": navigators(),
    }
