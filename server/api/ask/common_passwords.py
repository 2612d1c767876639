#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes common_passwords.txt, the passwords that are refused because everybody tries them.

  common_passwords.py PACKAGE.tgz    the npm package @zxcvbn-ts/language-common, version 3.0.4 (npm pack @zxcvbn-ts/language-common@3.0.4)

The package (MIT licence) has the passwords that were found most often in published breaches, the most frequent first. Kept are those of five
characters and more that are plain ASCII without spaces, in small letters, sorted: the 20,000 most frequent, and all of ten characters and more.
"""

import re
import sys
import tarfile
from pathlib import Path

MOST = 20000
LONG = 10
LIST = Path(__file__).with_name("common_passwords.txt")
HEAD = """# Passwords that are refused: found most often in published breaches. Written by common_passwords.py from @zxcvbn-ts/language-common 3.0.4,
# Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., Copyright (c) 2021 @zxcvbn-ts, MIT licence. Sorted by bytes.
"""


def main():
    with tarfile.open(sys.argv[1]) as package:
        script = package.extractfile("package/dist/passwords.json.js").read().decode()
    ranked = re.search(r'passwords = "(.*?)"', script, re.S)[1].split(",")
    usable = [one.lower() for one in ranked if re.fullmatch(r"[!-~]{5,}", one)]
    kept = {one for rank, one in enumerate(usable) if rank < MOST or len(one) >= LONG}
    LIST.write_text(HEAD + "".join(f"{one}\n" for one in sorted(kept)))


if __name__ == "__main__":
    main()
