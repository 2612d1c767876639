# SPDX-License-Identifier: MIT
"""How big a region is (domain 3.1), and its patterns of duty (domain 1.2, 1.5)."""

SIZES = {
    "tiny": dict(icbs=1, councils=2, trusts=1, patches=1, eds=2, crht=1, suites=1, hubs=1, triage=1, cafes=1, camhs=1, s12=1, edts=1, team=6,
                 staff=(1, 1)),
    "demo": dict(icbs=2, councils=5, trusts=3, patches=3, eds=6, crht=6, suites=4, hubs=2, triage=1, cafes=4, camhs=2, s12=3, edts=3, team=8,
                 staff=(1, 1)),
    "england": dict(icbs=36, councils=153, trusts=50, patches=120, eds=175, crht=190, suites=160, hubs=42, triage=39, cafes=60, camhs=60,
                    s12=40, edts=120, team=20, staff=(2, 4)),
}
PEOPLE = {"tiny": 200, "demo": 700, "england": 29000}

FUNCTIONS = {
    "amhp": "Approved mental health professional", "edt": "Emergency duty team", "s12_doctor": "Section 12 doctor",
    "liaison": "Liaison psychiatry", "liaison_consultant": "Liaison consultant", "crht": "Crisis resolution and home treatment",
    "resident_doctor": "Resident doctor, 1st on call", "higher_trainee": "Higher trainee, 2nd on call", "consultant": "Consultant on call",
    "hbpos": "136 suite co-ordinator", "camhs_crisis": "Children and young people's crisis practitioner",
    "camhs_consultant": "CAMHS consultant on call", "manager": "Manager on call", "director": "Director on call",
    "mh111": "NHS 111 mental health hub", "crisis_cafe": "Crisis café", "street_triage": "Street triage and 136 advice line",
}

ALL = [{"days": ["all"], "from": "00:00", "to": "24:00"}]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OFFICE = [{"days": WEEKDAYS, "from": "09:00", "to": "17:00"}]
OUT_OF_HOURS = [{"days": WEEKDAYS, "from": "17:00", "to": "09:00"}, {"days": ["sat", "sun", "bank_holiday"], "from": "09:00", "to": "09:00"}]
SECOND = [{"days": WEEKDAYS, "from": "09:00", "to": "17:00"}, {"days": ["sat", "sun", "bank_holiday"], "from": "10:00", "to": "18:00"}]
EVENING = [{"days": ["all"], "from": "18:00", "to": "23:00"}]
BY_DAY = [{"days": ["all"], "from": "08:00", "to": "24:00"}]
BY_NIGHT = [{"days": ["all"], "from": "00:00", "to": "08:00"}]
VEHICLE = [{"days": ["all"], "from": "16:00", "to": "02:00"}]
EXTENDED = [{"days": ["all"], "from": "08:00", "to": "22:00"}]
