# SPDX-License-Identifier: MIT
"""A PNG of a browser's screen made small: at most 256 colours, the many shades of smoothed letters among the nearest of them."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _chunks(png):
    at = len(SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        yield kind, png[at + 8:at + 8 + length]
        at += 12 + length


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def _pixels(png):
    """Width, height and the lines of a PNG of 8 bits a channel without gaps, as screenshots are."""
    parts = list(_chunks(png))
    width, height, depth, kind = struct.unpack(">IIBB", dict(parts)[b"IHDR"][:10])
    step = {2: 3, 6: 4}[kind]
    assert depth == 8
    data, before, lines, size = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT")), bytes(width * step), [], width * step
    for number in range(height):
        start = number * (size + 1)
        line = bytearray(data[start + 1:start + 1 + size])
        how = data[start]
        for i in range(size if how else 0):
            left, up, corner = (line[i - step] if i >= step else 0), before[i], (before[i - step] if i >= step else 0)
            line[i] = (line[i] + (left, up, (left + up) // 2, _paeth(left, up, corner))[how - 1]) & 255
        lines.append([bytes(line[i:i + 3]) for i in range(0, size, step)])
        before = line
    return width, height, lines


def small(png):
    width, height, lines = _pixels(png)
    counts = Counter(colour for line in lines for colour in line)
    palette = [colour for colour, _ in counts.most_common(256)]
    number = {colour: i for i, colour in enumerate(palette)}
    for colour in counts:
        if colour not in number:
            number[colour] = min(range(len(palette)), key=lambda i, colour=colour: sum((a - b) ** 2 for a, b in zip(palette[i], colour)))
    body = b"".join(b"\0" + bytes(number[colour] for colour in line) for line in lines)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) + chunk(b"PLTE", b"".join(palette)) \
        + chunk(b"IDAT", zlib.compress(body, 9)) + chunk(b"IEND", b"")
