# SPDX-License-Identifier: MIT
"""papers.py RULE SOURCE BUILD: what the programs and the manual pages say of themselves. Prints each breach, and fails if there is one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

PAGES = ("crisiscoverd.8", "crisiscoverd.conf.5", "crisiscover.1", "crisiscover-region.5")


class Tree:
    def __init__(self, source, build):
        self.source, self.build = Path(source), Path(build)

    def program(self, name, *arguments):
        path = self.build / {"crisiscoverd": "server", "crisiscover": "clients/cli"}[name] / name
        quiet = {**os.environ, "ASAN_OPTIONS": "verify_asan_link_order=0"}
        return subprocess.run([path, *arguments], check=True, capture_output=True, text=True, env=quiet).stdout

    def page(self, name):
        """The page as a reader sees it, on lines that are never broken."""
        done = subprocess.run(["groff", "-mdoc", "-Kutf8", "-Tascii", "-ww", "-P-cbou", "-rLL=2000n", self.build / "docs" / name],
                              capture_output=True, text=True, check=True)
        return done.stdout, done.stderr


def version(tree):
    stands = re.search(r"project\(crisiscover VERSION ([0-9.]+)", (tree.source / "CMakeLists.txt").read_text())[1]
    for name in ("crisiscoverd", "crisiscover"):
        said = tree.program(name, "--version")
        if said != f"{name} {stands}\n":
            yield f"{name} --version says {said!r}, CMakeLists.txt {stands}"


def options_in_help(text):
    return set(re.findall(r"^  (--[a-z-]+)", text, re.M))


def commands(tree):
    return re.findall(r"^  ([a-z-]+) ", tree.program("crisiscover", "--help").split("\n\n")[1], re.M)


def options(tree):
    """Every option that a file of clients/cli takes is in the help of a command of that file. (The other way: test_help.c.)"""
    table = (tree.source / "clients/cli/commands.c").read_text()
    rows = dict((function, name) for name, function in re.findall(r'\{"([a-z-]+)",[^{}]*?command_(\w+),\s*\w+\}', table))
    helps = {function: options_in_help(tree.program("crisiscover", name, "--help")) for function, name in rows.items() if name in commands(tree)}
    seen = 0
    for path in sorted((tree.source / "clients/cli").glob("*.c")):
        text = path.read_text()
        here = re.findall(r"^command_(\w+)\(int argc", text, re.M)
        taken = {"--" + name for table in re.findall(r"struct option_row rows\[\] = \{(.*?)\};", text, re.S)
                 for name in re.findall(r'\{"([a-z-]+)"', table)}
        taken |= {"--" + name for name in re.findall(r'options_take\([^;]*"([a-z-]+)"', text)}
        said = set().union(*(helps[name] for name in here if name in helps))
        seen += len(taken)
        for option in sorted(taken - said):
            yield f"{path.name} takes {option}, and the help of {', '.join(here)} does not say so"
    if seen < 50:
        yield f"only {seen} options were found in the code: this test no longer finds them"


def manual(tree):
    """The pages are well-formed, and hold every command, option and setting."""
    text = {}
    for name in PAGES:
        text[name], complaints = tree.page(name)
        yield from (f"{name}: {line}" for line in complaints.splitlines())
        if re.search(r"@[A-Z_]+@", text[name]):
            yield f"{name} has a place that was not filled in"
    wanted = {
        "crisiscoverd.8": re.findall(r"^  (\S+)", tree.program("crisiscoverd", "--help"), re.M),
        "crisiscoverd.conf.5": re.findall(r"^(\w+) = ", tree.program("crisiscoverd", "--print-config"), re.M),
        "crisiscover.1": commands(tree),
        "crisiscover-region.5": re.findall(r"^\| `(\w+)`", (tree.source / "docs/region.md").read_text(), re.M),
    }
    for name, terms in wanted.items():
        if len(terms) < 10:
            yield f"{name}: only {len(terms)} terms were found: this test no longer finds them"
        for term in terms:
            if not re.search(rf"^ *{re.escape(term)}\b", text[name], re.M):
                yield f"{name} has nothing of {term}"
    yield from command_options(tree, text["crisiscover.1"])


def command_options(tree, text):
    for name in commands(tree):
        section = re.search(rf"^   {name}\n(.*?)^(   )?\w", text, re.M | re.S)
        for option in sorted(options_in_help(tree.program("crisiscover", name, "--help"))):
            if section is None or not re.search(rf"^     {option}\b", section[1], re.M):
                yield f"crisiscover.1 has nothing of {name} {option}"


# ------------------------------------------------------------------------------------------------------------- bill of materials

SPDX_ID = r"SPDXRef-[A-Za-z0-9.-]+"
HEX_OF = {"SHA512": 128, "SHA256": 64, "SHA1": 40}
PACKAGE_WANTS = {"SPDXID": SPDX_ID, "name": r".+", "versionInfo": r".+", "downloadLocation": r"NOASSERTION|https://.+", "licenseConcluded": r"NOASSERTION|[A-Za-z0-9.+() -]+",
                 "licenseDeclared": r"NOASSERTION|[A-Za-z0-9.+() -]+", "copyrightText": r".+", "supplier": r"NOASSERTION|(Organization|Person): .+"}
RELATIONS = {"DESCRIBES", "CONTAINS", "DYNAMIC_LINK", "RUNTIME_DEPENDENCY_OF", "BUILD_DEPENDENCY_OF", "BUILD_TOOL_OF"}


def faults_of(bill):
    """What SPDX 2.3 wants of a document and of each of its packages and relationships (clauses 6, 7 and 11)."""
    for key, form in {"spdxVersion": r"SPDX-2\.3", "dataLicense": r"CC0-1\.0", "SPDXID": r"SPDXRef-DOCUMENT", "name": r".+", "documentNamespace": r"https://[^#\s]+"}.items():
        if not re.fullmatch(form, str(bill.get(key))):
            yield f"the bill of materials has {key} {bill.get(key)!r}"
    made = bill["creationInfo"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made["created"]) or not all(re.match(r"(Tool|Person|Organization): ", one) for one in made["creators"]):
        yield f"the bill of materials has creationInfo {made}"
    ids = [one["SPDXID"] for one in bill["packages"]]
    if len(set(ids)) != len(ids):
        yield "two packages of the bill of materials have one SPDXID"
    for one in bill["packages"]:
        yield from (f"{one['name']} has {key} {one.get(key)!r}" for key, form in PACKAGE_WANTS.items() if not re.fullmatch(form, str(one.get(key))))
        if not all(re.fullmatch(r"pkg:(deb|npm|generic)/\S+@\S+", ref["referenceLocator"]) for ref in one["externalRefs"]):
            yield f"{one['name']} has {one['externalRefs']}"
        if not all(re.fullmatch(f"[0-9a-f]{{{HEX_OF[sum['algorithm']]}}}", sum["checksumValue"]) for sum in one.get("checksums", ())):
            yield f"{one['name']} has {one['checksums']}"
    for one in bill["relationships"]:
        if one["relationshipType"] not in RELATIONS or not {one["spdxElementId"], one["relatedSpdxElement"]} <= {"SPDXRef-DOCUMENT", *ids}:
            yield f"the bill of materials has the relationship {one}"


def bill(tree):
    said = json.loads((tree.build / "crisiscover.spdx.json").read_text(encoding="utf-8"))
    yield from faults_of(said)
    names = {one["name"] for one in said["packages"]}
    wanted = {line.split()[0] for line in (tree.source / "deploy" / "packages").read_text(encoding="utf-8").splitlines()
              if line.strip() and not line.startswith("#") and line.split()[1] == "build"}
    built_in = json.loads((tree.source / "clients" / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    yield from (f"the bill of materials lacks {name}" for name in sorted({*wanted, *built_in, "libpq5", "libc6"} - names))
    related = {one[key] for one in said["relationships"] for key in ("spdxElementId", "relatedSpdxElement")}
    yield from (f"the bill of materials relates nothing to {one['name']}" for one in said["packages"] if one["SPDXID"] not in related)
    # A document that breaks these rules is found.
    broken = json.loads(json.dumps(said))
    broken["packages"][1]["SPDXID"], broken["packages"][2]["licenseDeclared"] = "SPDXRef_no", "MIT; or not"
    if len(list(faults_of(broken))) < 3:
        yield "faults of a bill of materials are not found"


def retention(tree):
    """docs/retention.md has every table of the schema once, and its settings and their defaults are those of the program."""
    tables = re.findall(r"^create (?:unlogged )?table (\w+) \(", (tree.source / "migrations/current/tables.sql").read_text(), re.M)
    text = (tree.source / "docs/retention.md").read_text()
    rows = [line for line in text.split("| table |")[1].splitlines()[2:] if line.startswith("|")]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    yield from (f"docs/retention.md says nothing of the table {name}" for name in sorted(set(tables) - set(listed)))
    yield from (f"docs/retention.md names {name}, which is no table" for name in sorted(set(listed) - set(tables)))
    yield from (f"docs/retention.md names {name} twice" for name in sorted({name for name in listed if listed.count(name) > 1}))
    settings = dict(re.findall(r"^;? ?(\w+) = (.*)$", tree.program("crisiscoverd", "--print-config"), re.M))
    yield from (f"docs/retention.md names no setting with {name}" for name in sorted(set(re.findall(r"`(retain_\w+)`", text)) - set(settings)))
    for names, said in re.findall(r"^\| (`retain_.*?) \| (\d+)", text, re.M):
        yield from (f"{name} is {settings[name]}, and {said} in docs/retention.md" for name in re.findall(r"`(retain_(?:bodies|record|person)_days)`", names)
                    if settings.get(name) != said)


def main():
    rule = {one.__name__: one for one in (version, options, manual, bill, retention)}[sys.argv[1]]
    breaches = list(rule(Tree(sys.argv[2], sys.argv[3])))
    print("\n".join(breaches))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
