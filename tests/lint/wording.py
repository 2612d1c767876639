# SPDX-License-Identifier: MIT
"""What docs/words.md asks of the words that people read: none that it does not want, and a reading age. breaches() finds what is against it."""

import os
import re
import subprocess

GIVEN = "\x01"  # in a text: what the program puts in
ENDS = "\x02"  # in a text: the end of a paragraph, a label, a button
OWN_WORDS = 4  # a text with fewer words of its own is a label
ALONE_WORDS = 8  # a text of so many is measured alone: in a shorter one a single word decides
KNOWN_LETTERS = 5  # of a word that its readers know, a name, or what the program puts in
GRADE_TO_AGE = 5
MOST = 9.0

# ------------------------------------------------------------------------------------------------------------------------- extraction

C_TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|\#\s*include[^\n]*|'(?:\\.|[^'\\\n])+'|(?P<text>"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*)""", re.S)
C_ESCAPE = {"n": ENDS, "t": " ", '"': '"', "\\": "\\"}
FORMAT = re.compile(r"%(?:[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|j|z|t)?[diouxXeEfgGcsp])|\{\}")


def texts_of_c(source):
    """(place, text) of each string of a C file; strings beside each other are one."""
    for found in C_TOKEN.finditer(source):
        if found["text"]:
            parts = re.findall(r'"((?:\\.|[^"\\\n])*)"', found["text"])
            text = re.sub(r"\\(.)", lambda one: C_ESCAPE.get(one[1], " "), "".join(parts))
            yield found.start(), FORMAT.sub(GIVEN, text.replace("%%", "%"))


JS_TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|'(?P<single>(?:\\.|[^'\\\n])*)'|"(?P<double>(?:\\.|[^"\\\n])*)"|(?P<mark>[`{}])"""
                      r"""|(?<=[(,=:!&|?])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/""", re.S)
JS_PIECE = re.compile(r"\\.|\$\{|`", re.S)


def template(source, at, found):
    """Reads a template from behind its ` on: adds what it says to ${found}, and answers where it ends."""
    begin, text = at, ""
    while True:
        piece = JS_PIECE.search(source, at)
        if piece is None:
            return len(source)
        text += source[at:piece.start()]
        at = piece.end()
        if piece[0] == "`":
            found.append((begin, text))
            return at
        text += GIVEN if piece[0] == "${" else piece[0][1:]
        if piece[0] == "${":
            at = code(source, at, found)


def code(source, at, found):
    """Reads JavaScript up to the } that ends it, or to the end of the file."""
    depth = 0
    while True:
        token = JS_TOKEN.search(source, at)
        if token is None:
            return len(source)
        at = token.end()
        if token["mark"] == "`":
            at = template(source, at, found)
        elif token["mark"] == "{":
            depth += 1
        elif token["mark"] == "}":
            depth -= 1
            if depth < 0:
                return at
        elif token["single"] is not None or token["double"] is not None:
            found.append((token.start(), re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), token["single"] or token["double"] or "")))


INLINE = "a|abbr|b|code|em|i|span|strong"
SPOKEN = re.compile(r"""\b(?:aria-label|placeholder|title|alt)=(?:"([^"]*)"|'([^']*)')""")


def without_tags(text):
    text = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", "", text, flags=re.S)
    said = "".join(ENDS + (one[1] or one[2] or "") for one in SPOKEN.finditer(text))
    text = re.sub(rf"</?(?:{INLINE})\b[^<>]*>", "", text)
    text = re.sub(r"</?[a-z][^<>]*>", ENDS, text)
    return re.sub(r"&[a-z]+;", " ", text) + said


def texts_of_js(source):
    found = []
    code(source, 0, found)
    return ((at, without_tags(text)) for at, text in sorted(found))


def texts_of(path):
    """(line, text) of what a file says to people."""
    source = path.read_text()
    kind = {".js": texts_of_js, ".html": lambda html: [(0, without_tags(html))]}.get(path.suffix, texts_of_c)
    return [(source.count("\n", 0, at) + 1, text) for at, text in kind(source)]


# ------------------------------------------------------------------------------------------------------------------------ reading age


def sentences(text):
    """The sentences of a text, each as its words: they end at . ! ? : and ; and where a paragraph, a label or a button ends."""
    for piece in re.split(rf"[.!?:;…][\"')]*(?:\s|$)|{ENDS}", text):
        words = [word for word in piece.split() if re.search(rf"[A-Za-z{GIVEN}]", word)]
        if words:
            yield words


def is_plain(word):
    """Whether it is a word of English, and no name, code or quotation, and nothing that the program puts in."""
    return re.fullmatch(r"[A-Za-z]?[a-z]+(?:['’-][A-Za-z]?[a-z]+)*|[A-Z]+", word.strip("'(),.–-")) is not None


class Index:
    """Counts as docs/words.md says. ${known}: the words and phrases that count as one known word."""

    def __init__(self, known):
        self.phrases = re.compile(r"\b(?:" + "|".join(re.escape(one).replace("\\ ", r"[\s-]+") for one in sorted(known, key=len, reverse=True)) + r")s?\b", re.I)

    def count(self, text):
        """Letters, words and sentences of a text; None of a label."""
        found = list(sentences(self.phrases.sub(GIVEN + "k", text)))
        words = [word for one in found for word in one]
        own = [word for word in words if is_plain(word)]
        if len(own) < OWN_WORDS:
            return None
        return sum(len(re.sub(r"[^A-Za-z]", "", word)) for word in own) + KNOWN_LETTERS * (len(words) - len(own)), len(words), len(found)


def age_of(counts):
    """The reading age of texts together, by the automated readability index."""
    characters, words, ends = (sum(column) for column in zip(*counts))
    return 4.71 * characters / words + 0.5 * words / ends - 21.43 + GRADE_TO_AGE


def too_old(paths, index):
    """Each long text of a group that wants too old a reader, and the short ones together if they do."""
    short = []
    for path in paths:
        for line, text in texts_of(path):
            count = index.count(text)
            if count and count[1] >= ALONE_WORDS and age_of([count]) > MOST:
                yield path, line, f"wants a reader of {age_of([count]):.1f} years, at most {MOST:.0f}: shorter sentences, shorter words: {shown(text)}"
            elif count and count[1] < ALONE_WORDS:
                short.append((age_of([count]), count, path, line, text))
    if short and age_of([one[1] for one in short]) > MOST:
        _, _, path, line, text = max(short, key=lambda one: one[0])
        yield path, line, f"the short texts of its group want a reader of {age_of([one[1] for one in short]):.1f} years; the oldest is: {shown(text)}"


def shown(text):
    return " ".join(text.replace(GIVEN, "{}").replace(ENDS, " ").split())[:200]


# ----------------------------------------------------------------------------------------------------------------------- wrong words

BETWEEN = r"([[:space:]\"*#/-]|<[^<>]*>)+"  # between two words: also ends of lines, of strings and of lines of comments, and marks of HTML
SOURCES = (".c", ".h", ".js", ".html")


def alternation(words, between):
    return r"\b(" + "|".join(between.join(map(re.escape, word.split())) for word in words) + r")\b"


def key_of(word):
    """As words are compared: hyphens and spaces are the same."""
    return " ".join(re.findall(r"[\w'’]+", word.lower()))


def having(words, paths):
    """The files that have one of some words, by grep: to read all of the tree in Python takes seconds."""
    done = subprocess.run(["grep", "-liEz", "-e", alternation(words, BETWEEN), "--", *paths], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    listed = set(done.stdout.split("\n"))
    return [path for path in paths if str(path) in listed]


def wrong(paths, unwanted, in_texts):
    """Each of some words in some files; of a source only in what it says to people, if ${in_texts}."""
    pattern = re.compile(alternation(unwanted, BETWEEN.replace("[:space:]", r"\s").replace("(", "(?:")), re.I)
    for path in having(unwanted, paths):
        source = path.read_text()
        for line, text in texts_of(path) if in_texts and path.suffix in SOURCES else [(1, source)]:
            for found in pattern.finditer(text):
                word = key_of(re.sub(r"<[^<>]*>", "", found[1]))
                yield path, line + text.count("\n", 0, found.start()), f'"{found[1]}": write {unwanted[word]} (docs/words.md)'


# ------------------------------------------------------------------------------------------------------------------------------ rules


def listed(cell):
    return [word.strip() for word in cell.split(",") if word.strip()]


def unwanted_of(rows):
    """{word: what to write instead}."""
    return {key_of(word): instead for cell, instead, *_ in rows for word in listed(cell)}


def named(top, cell):
    """The files of the patterns in a cell."""
    for pattern in re.findall(r"`([^`]+)`", cell):
        yield pattern, sorted(path for path in top.glob(pattern) if path.is_file())


def breaches(top, paths, rows_of):
    """What in ${paths} is against docs/words.md. ${rows_of}(text, heading): the rows of its tables."""
    page = top / "docs/words.md"
    text = page.read_text()
    borrowed = set()
    for cell, _ in rows_of(text, "Files with words of others"):
        for pattern, found in named(top, cell):
            borrowed.update(found)
            if not found:
                yield page, 0, f"{pattern} is no file"
    paths = [path for path in paths if path not in borrowed and path != page]
    yield from wrong(paths, unwanted_of(rows_of(text, "Words about people")), False)
    yield from wrong(paths, unwanted_of(rows_of(text, "Words about cover")), True)
    index = Index([word for cell, in rows_of(text, "Words that count as known") for word in listed(cell)])
    for _, cell, _ in rows_of(text, "Texts that are held to it"):
        of_it = []
        for pattern, found in named(top, cell):
            of_it += [path for path in found if path not in borrowed]
            if not found:
                yield page, 0, f"{pattern} is no file"
        yield from too_old(of_it, index)
