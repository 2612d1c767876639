# SPDX-License-Identifier: MIT
"""People and places of the demo region. Every name is invented; every number is of Ofcom's ranges for drama."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field


def dice(*key):
    """A number in [0, 1) that depends on nothing but ${key}: the same day reads the same whenever it is made."""
    digest = hashlib.sha256("|".join(str(part) for part in key).encode()).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)


# ------------------------------------------------------------------------------------------------------------ organisations

ORGANISATIONS = [
    ("ZFC", "Fenmere County Council", "local_authority"),
    ("ZAB", "Alderbrook City Council", "local_authority"),
    ("ZWL", "London Borough of Wenlow", "local_authority"),
    ("ZSK", "Skell Metropolitan Borough Council", "local_authority"),
    ("ZHD", "Royal Borough of Harrowdene", "local_authority"),
    ("ZAV", "Alder Vale & Fenmere Partnership NHS FT", "nhs_trust"),
    ("ZHS", "Harrowdene & Skell Valley NHS FT", "nhs_trust"),
    ("ZTM", "Thornmere Mental Health NHS Trust", "nhs_trust"),
    ("ZMU", "Marlwick University Hospitals NHS Trust", "nhs_trust"),
    ("ZI1", "NHS Fenmere and Alder Vale ICB", "icb"),
    ("ZI2", "NHS Harrowdene, Skell and Wenlow ICB", "icb"),
    ("ZLC", "The Lantern Café (Alderbrook Light)", "voluntary"),
    ("ZPO", "Skell Valley Police", "police"),
]

FUNCTIONS = [
    ("liaison", "Liaison psychiatry"),
    ("liaison_consultant", "Liaison consultant"),
    ("amhp", "Approved mental health professional"),
    ("edt", "Emergency duty team"),
    ("s12_doctor", "Section 12 doctor"),
    ("crht", "Crisis resolution and home treatment"),
    ("resident_doctor", "Resident doctor, 1st on call"),
    ("higher_trainee", "Higher trainee, 2nd on call"),
    ("consultant", "Consultant on call"),
    ("camhs_crisis", "Children and young people's crisis practitioner"),
    ("camhs_consultant", "CAMHS consultant on call"),
    ("hbpos", "136 suite co-ordinator"),
    ("addiction_liaison", "Drug and alcohol liaison"),
    ("manager", "Manager on call"),
    ("director", "Director on call"),
    ("mh111", "NHS 111 mental health hub"),
    ("crisis_cafe", "Crisis café"),
    ("street_triage", "Street triage and 136 advice line"),
    ("bed_manager", "Bed manager"),
    ("mha_assessment", "Mental Health Act assessment"),
]

# What an assessment needs together. At Fenmere Infirmary (West) no suite answers, and a bed manager is there by day alone: whole by day, not at night.
MHA_NEEDS = [{"function": "amhp"}, {"function": "s12_doctor", "count": 2, "different_teams": True},
             {"any_of": ["hbpos", "bed_manager"], "team_counts": True}]

# What the first screen of an emergency department shows first.
ED_FIRST = ["liaison", "amhp", "crht", "camhs_crisis", "hbpos", "mh111"]

# Whom a council's area has rung for an AMHP, one after the other; its hospitals have it from there. The hub's manager is the last at the council.
AMHP_LADDER = [{"on_call": 1, "wait_seconds": 30}, {"on_call": 2}, {"function": "edt"}, {"name": "AMHP hub manager", "phone": "+441632960999"}, {"function": "director"}]

# ------------------------------------------------------------------------------------------------------------------- places

REGION = "X12000001"
ICBS = {"X54000001": "ZI1", "X54000002": "ZI2"}
COUNCILS = {  # area: (name, council, ICB, patch of the trust that covers it)
    "X06000001": ("Fenmere", "ZFC", "X54000001", "ZTP01"),
    "X06000002": ("Alderbrook", "ZAB", "X54000001", "ZTP01"),
    "X06000003": ("Wenlow", "ZWL", "X54000002", "ZTP03"),
    "X06000004": ("Skell", "ZSK", "X54000002", "ZTP02"),
    "X06000005": ("Harrowdene", "ZHD", "X54000002", "ZTP02"),
}
PATCHES = {"ZTP01": "ZAV", "ZTP02": "ZHS", "ZTP03": "ZTM"}
EDS = {  # emergency department: (name, council area)
    "ZED01": ("St Oswin's Hospital, Alderbrook", "X06000002"),
    "ZED02": ("Marlwick General, Wenlow", "X06000003"),
    "ZED03": ("Queen Adela Hospital, Harrowdene", "X06000005"),
    "ZED04": ("Fenmere Infirmary (West)", "X06000001"),
    "ZED05": ("Fenmere Infirmary (East)", "X06000001"),
    "ZED06": ("Skell Bridge Hospital", "X06000004"),
}
SUITES = {  # place of safety: (name, council area)
    "ZPS01": ("The Willows 136 suite, Alderbrook", "X06000002"),
    "ZPS02": ("Fenmere 136 suite", "X06000001"),
    "ZPS03": ("Harrowdene & Skell 136 suite", "X06000005"),
    "ZPS04": ("Wenlow 136 suite", "X06000003"),
}


def parents_of(site_area):
    """The places above a hospital: its council area, the trust's patch, the ICB, the region."""
    _, _, icb, patch = COUNCILS[site_area]
    return [site_area, patch, icb, REGION]


def places():
    """Only hospitals have parents: footprints do not nest, and what an ICB asks for is not asked of a council's area."""
    organisations = {code: name for code, name, _ in ORGANISATIONS}
    found = [{"code": REGION, "name": "Fenmere, Skell and Thorn Vales", "kind": "region"}]
    for code, organisation in ICBS.items():
        found.append({"code": code, "name": organisations[organisation], "kind": "icb"})
    for code, organisation in PATCHES.items():
        name = organisations[organisation].split(" NHS")[0] + " patch"
        found.append({"code": code, "name": name, "kind": "trust_patch"})
    for code, (name, _, _, _) in COUNCILS.items():
        found.append({"code": code, "name": name, "kind": "council_area", "ladders": [{"function": "amhp", "steps": AMHP_LADDER}]})
    for code, (name, area) in EDS.items():
        found.append({"code": code, "name": name, "kind": "emergency_department", "parents": parents_of(area), "first": ED_FIRST})
    # Two services with one front desk, which is there by day.
    next(place for place in found if place["code"] == "ZED04")["sites"] = [
        {"name": "Fenmere Crisis House", "phone": "+441632960998", "services": ["fenmere-amhp", "fenmere-beds"],
         "hours": [{"days": ["all"], "from": "08:00", "to": "20:00"}]}]
    for code, (name, area) in SUITES.items():
        found.append({"code": code, "name": name, "kind": "place_of_safety", "parents": [area]})
    return found


def areas():
    """Where people live, and who answers for them: every council, its postcode districts, and the GPs of each patch of a trust."""
    found = []
    for number, (code, (name, organisation, icb, patch)) in enumerate(COUNCILS.items(), start=1):
        of = {"place": code, "also": [patch, icb]}
        full = next(one for own, one, _ in ORGANISATIONS if own == organisation)
        found.append({"code": code, "name": full, "kind": "council"} | of)
        found.append({"code": f"gps-{name.lower()}", "name": f"{name} GPs", "kind": "gp_area"} | of)
        # No postcode of the United Kingdom begins with Z and another letter.
        for district in range(1, 4):
            found.append({"code": f"Z{'ABCDEF'[number]}{district}", "name": f"Z{'ABCDEF'[number]}{district}", "kind": "postcode_district"} | of)
    # This district lies in two councils: who asks is told both.
    for code in ("X06000001", "X06000002"):
        _, _, icb, patch = COUNCILS[code]
        found.append({"code": f"ZF9.{code}", "name": "ZF9", "kind": "postcode_district", "place": code, "also": [patch, icb]})
    return found


# ------------------------------------------------------------------------------------------------------------------- people

GIVEN = """Aisha Alan Bola Bryn Callum Chidi Dana Dilys Eilidh Emeka Farah Femi Gareth Grace Hamza Hanna Ifan Imogen Jo Joel
Kamal Kerry Lena Lewis Maeve Mina Nadia Niall Olu Orla Piotr Priya Rafiq Rhian Sam Sunita Tariq Tess Uche Ursula Vikram Vera Wale
Wendy Xan Yasmin Yusuf Zofia Zack""".split()
FAMILY = """Adeyemi Ahmed Bairstow Baptiste Carrick Chen Chowdhury Costello Daly Desai Ekwueme Ellery Farrant Fenwick Gill Goddard
Hallam Hussain Idris Iveson Jarrett Jones Kaminski Kaur Lee Lomax Mbeki Moran Nowak Nwosu Okafor Osei Patel Pemberton Quayle Quirke
Raman Rashford Sato Sharrow Tanaka Thackray Udall Umar Vance Varga Whitlock Wójcik Yeo Yilmaz Zaman Zielinski O'Neill Al-Hassan
Ní\u00a0Bhriain van\u00a0der\u00a0Berg Birch-Okoro Llywelyn Marr Tolland""".replace("\n", " ").split(" ")
FAMILY = [name.replace("\u00a0", " ") for name in FAMILY if name]


@dataclass
class Person:
    id: str
    name: str          # "Priya Raman"
    organisation: str
    mobile: str
    roles: list = field(default_factory=list)
    aliases: list = field(default_factory=list)
    works_in: str = ""  # the team, where it is known

    @property
    def given(self):
        return self.name.partition(" ")[0]

    @property
    def family(self):
        return self.name.partition(" ")[2] or self.name

    @property
    def short(self):
        return f"{self.given[0]} {self.family}" if " " in self.name else self.name

    @property
    def initials(self):
        return self.given[0] + self.family[0]


def identifier(name):
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def mobile(number):
    """07700 900000 to 900999: a thousand for everybody, so numbers repeat."""
    return f"+447700900{number % 1000:03d}"


def team_line(number):
    return f"+441632960{number:03d}"


def spoken(phone):
    """+441632960456 as people write it: 01632 960456."""
    national = "0" + phone[3:]
    return national[:5] + " " + national[5:]


class Directory:
    """Hands out people, each initial and family name once, so that "P Raman" is one person. The two exceptions are made by hand."""

    def __init__(self):
        self.people = {}
        self._next = 0

    def _fresh_name(self):
        while True:
            number = self._next
            self._next += 1
            family = FAMILY[number * 7 % len(FAMILY)]
            given = GIVEN[(number * 11 + number // len(FAMILY)) % len(GIVEN)]
            short = (given[0], family)
            if all((one.given[0], one.family) != short for one in self.people.values()):
                return f"{given} {family}"

    def add(self, name, organisation, role):
        person = Person(identifier(name), name, organisation, mobile(len(self.people) * 37), [role])
        self.people[person.id] = person
        return person

    def team(self, organisation, role, size):
        return [self.add(self._fresh_name(), organisation, role) for _ in range(size)]

    def lend(self, people, role):
        """The same people on a second rota."""
        for person in people:
            if role not in person.roles:
                person.roles.append(role)
        return people

    def call_by_initials(self, people):
        """A team that writes "JJ": only initials that are nobody else's in it."""
        for person in people:
            if sum(other.initials == person.initials for other in people) == 1:
                person.aliases.append(person.initials)

    def listed(self):
        return [
            {"id": person.id, "name": person.name, "organisation": person.organisation, "roles": person.roles,
             "work_phone": person.mobile, **({"aliases": person.aliases} if person.aliases else {}),
             **({"team": person.works_in} if person.works_in else {})}
            for person in self.people.values()
        ]
