# SPDX-License-Identifier: MIT
"""What a page looks like on paper: the words of each page of the PDF that the browser prints."""

import base64
import re
import zlib

A4 = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}


def _objects(paper):
    return {int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj\b(.*?)\bendobj", paper, re.S)}


def _stream(body):
    found = re.search(rb"stream\r?\n(.*?)\r?\n?endstream", body, re.S)
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]


def _letters(cmap):
    """From the numbers of glyphs to letters, as a font of the PDF says."""
    found = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for glyph, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", part):
            found[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(int(letter, 16) + step)
    return found


def _font(objects, number):
    to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    return _letters(_stream(objects[int(to_unicode[1])])) if to_unicode else {}


def _words(content, fonts):
    said, letters = [], {}
    for font, hexed, array in re.findall(rb"/(F\d+) [\d.]+ Tf|<(\w+)> Tj|\[(.*?)\] TJ", content, re.S):
        if font:
            letters = fonts.get(font, {})
            continue
        for part in [hexed] if hexed else re.findall(rb"<(\w+)>", array):
            said.append("".join(letters.get(int(part[at:at + 4], 16), "?") for at in range(0, len(part), 4)))
    return "".join(said)


def pages_of(screen):
    """The words of each page, in the order in which they are drawn."""
    paper = base64.b64decode(screen.driver.execute_cdp_cmd("Page.printToPDF", A4)["data"])
    objects = _objects(paper)
    found = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b", body):
            continue
        fonts = {name: _font(objects, int(number)) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)}
        content = re.search(rb"/Contents (\d+) 0 R", body)
        found.append(_words(_stream(objects[int(content[1])]), fonts))
    return found
