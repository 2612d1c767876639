# SPDX-License-Identifier: MIT
"""Invented people and places that cannot be mistaken for real ones, and the traps that real names set."""

import unicodedata
from collections import Counter

from .model import Person

GIVEN = """Aisha Alan Anneka Bola Bryn Callum Chidi Dana Dilys Eilidh Emeka Farah Femi Gareth Gethin Hamza Hanna Ifan Imogen Joel Kamal
Kerry Lena Lewis Maeve Mina Nadia Niall Olu Orla Piotr Priya Rafiq Rhian Sunita Suki Tariq Tess Uche Ursula Vikram Vera Wale Wendy Xanthe
Yasmin Yusuf Zofia Zack Agnieszka Bogdan Catrin Dermot Esther Fergus Gwen Hywel Ingrid Jasper Kwame Lowri Magnus Nerys Osian Padma
Quentin Rosalind Siobhan Tomasz Umesh Vanessa Winifred Yvonne""".split()
FAMILY = """Adeyemi Ahmed Bairstow Baptiste Carrick Chen Chowdhury Costello Daly Desai Ekwueme Ellery Farrant Fenwick Gill Goddard Hallam
Hussain Idris Iveson Jarrett Jones Kaminski Kaur Lomax Mbeki Moran Nowak Nwosu Okafor Osei Patel Pemberton Quayle Quirke Raman
Rashford Sato Sharrow Tanaka Thackray Udall Umar Vance Varga Whitlock Wójcik Yeo Yilmaz Zaman Zielinski Llywelyn Marr Tolland""".split()
# Names that programs cut in the wrong place.
TRAPS = ["O'Neill", "Ní Bhriain", "van der Berg", "Al-Hassan", "Birch-Okoro", "de Souza", "O’Hara", "Ó Súilleabháin", "Müller-Lyer", "Łukasz"]
SINGLE = ["Suharti", "Madhubala", "Prathiba", "Sukarnoputri"]
STEMS = "Brack Thorn Alder Mar Fen Skel Harrow Wen Oxen Pel Crag Dun Esk Fal Gar Holm Ister Jes Kel Lang Mos Nor Orm Pex Quern Rud".split()
ENDINGS = "wick thorpe croft mere stead hurst combe dale ridge holt wold beck shaw field garth worth ley burn".split()
UNKNOWN = ["Dr Zebedee", "Quillfeather", "B Trumpington"]  # nobody in any region


def slug(text):
    plain = unicodedata.normalize("NFKD", text.replace("Ł", "L").replace("ł", "l")).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain.replace("'", "")).split())


def families():
    """Each once: Fenwick is a real name, and one of Fen and wick. None is what titles call a hospital: that would be somebody."""
    made = (stem + ending for ending in ENDINGS for stem in STEMS if stem + ending != "Fenmere")
    return list(dict.fromkeys([*FAMILY, *TRAPS, *made]))


def folded(text):
    """As a careless eye compares names."""
    return slug(text.replace("’", "")).replace("-", " ")


class Register:
    """Hires people, each with a full name that nobody else has."""

    def __init__(self, region, rng, expected):
        self.region, self.rng, self.number = region, rng, 0
        pool = families()[: max(60, expected // len(GIVEN) + 40)]
        self.names = [(given, family) for given in GIVEN for family in pool]
        rng.shuffle(self.names)
        # Every region has the traps, however small it is.
        traps = [(rng.choice(GIVEN), family) for family in TRAPS]
        self.names = [("", name) for name in SINGLE] + traps + [name for name in self.names if name not in traps]
        rng.shuffle(head := self.names[: len(SINGLE) + len(TRAPS)])
        self.names[: len(head)] = head
        self.taken = set()

    def hire(self, organisation, function, count):
        found = []
        while len(found) < count:
            given, family = self.names[self.number]
            self.number += 1
            found.append(self.add(given, family, organisation, function))
        return found

    def add(self, given, family, organisation, function, identity=None, shown=""):
        identity = identity or slug(f"{given} {family}")
        while identity in self.taken:
            identity += "-2"
        self.taken.add(identity)
        person = Person(identity, given, family, organisation, [function], shown=shown,
                        phone=f"+447700900{self.rng.randrange(1000):03d}")
        self.region.people[identity] = person
        return person

    def also(self, people, function):
        for person in people:
            if function not in person.roles:
                person.roles.append(function)
        return people


def short_forms(person):
    """Other ways in which a rota writes the person."""
    if not person.given:
        return []
    return [f"{person.given[0]} {person.family}", f"{person.given[0]}. {person.family}", f"Dr {person.family}",
            f"{person.family} {person.given[0]}", f"{person.family}, {person.given[0]}"]


def give_aliases(region, rng):
    """Every twentieth person is named by a code of four letters somewhere; the codes are no words."""
    letters = "BCDFGHJKLMNPRSTVWXZ"
    codes = [f"Q{one}{two}{three}" for one in letters for two in letters for three in letters]
    rng.shuffle(codes)
    for person, code in zip([one for one in region.people.values() if rng.random() < 0.05], codes):
        person.aliases.append(code)


def settle_forms(region):
    """Leaves to each person the short forms that mean nobody else, by whatever word of a name two may share."""
    last_words = Counter()
    for person in region.people.values():
        last_words[folded(person.name).split()[-1]] += 1
        for word in set(folded(person.family).split()[:-1]):
            last_words[word] += 1
    initials = Counter((folded(person.name)[:1], folded(person.name).split()[-1]) for person in region.people.values())
    for person in region.people.values():
        if not person.given:
            person.forms = (f"Dr {person.family}",)
            continue
        last = folded(person.name).split()[-1]
        alone, forms = last_words[last] == 1, short_forms(person)
        person.forms = tuple(form for form in forms if form.startswith("Dr ") and alone or
                             not form.startswith("Dr ") and initials[folded(person.name)[:1], last] == 1
                             and " " not in person.family and "-" not in person.family)
