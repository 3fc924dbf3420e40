"""Files as people really have them, made by hand: the same three rows in many dresses."""

from __future__ import annotations

HEADINGS = ("First Name", "Last Name", "Email", "Zip Code")
ROWS = (
    ("Zoë", "Müller", "zoe@example.org", "43215"),
    ("Bo", "O'Neil", "bo@example.org", "02139"),
    ("Ana", "Núñez", "ana@example.org", "90012"),
)


def text(separator: str = ",", end: str = "\n") -> str:
    lines = [HEADINGS, *ROWS]
    return "".join(separator.join(line) + end for line in lines)


READABLE = {
    "plain": text().encode(),
    "byte-order mark": text().encode("utf-8-sig"),
    "semicolons": text(";").encode(),
    "tabs": text("\t").encode(),
    "Latin-1": text().encode("latin-1"),
    "CP1252": text().replace("'", "’").encode("cp1252"),
    "UTF-16": text("\t").encode("utf-16"),
    "UTF-16 big-endian": b"\xfe\xff" + text().encode("utf-16-be"),
    "two byte-order marks": b"\xff\xfe\xff\xfe" + text().encode("utf-16-le"),
    "UTF-16 without a mark": text().encode("utf-16-le"),
    "CR only": text(end="\r").encode(),
    "CRLF": text(end="\r\n").encode(),
    "no newline at the end": text().rstrip("\n").encode(),
    "empty lines": text().replace("\n", "\n\n,,,\n").encode(),
    "ragged rows": (text().replace("43215", "43215,,more") + ",,\n").encode(),
    "duplicate headings": text().replace("Zip Code", "Zip Code,Email").encode(),
    "lost zeros": text().replace("02139", "2139").encode(),
    "lost zeros and a decimal point": text().replace("02139", "2139.0").encode(),
    "a role column": text()
    .replace("Zip Code\n", "Zip Code,role\n")
    .replace("43215\n", "43215,admin\n")
    .encode(),
    "quotes": text().replace("Müller", '"Müller, ""Dr."""').encode(),
    "line break in a cell": text().replace("Müller", '"Mül\nler"').encode(),
}
UNREADABLE = {
    "nothing": (b"", "empty"),
    "only spaces": (b"  \n , \n", "empty"),
    "a web page": (b"<!DOCTYPE html><table><tr><td>a@example.org</td></tr></table>", "web page"),
    "an Excel file": (b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 200, "Excel"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0" + b"\x00" * 200, "Excel"),
    "NUL bytes": (text().replace("Zoë", "Z\x00oe").encode(), "bytes that no text has"),
    "an unclosed quote": (text().replace("Núñez", '"Núñez').encode(), "quotation mark"),
    "damaged UTF-16": (b"\xff\xfe" + text().encode("utf-16-le")[:-1], "damaged"),
}
BAD_ADDRESSES = {
    "no at": "zoe.example.org",
    "two ats": "zoe@@example.org",
    "no domain": "zoe@",
    "no name": "@example.org",
    "a space": "zoe muller@example.org",
    "header injection": "zoe@example.org\nBcc: all@example.org",
    "carriage return": "zoe@example.org\rBcc: all@example.org",
    "zero-width space": "zoe\u200b@example.org",
    "soft hyphen": "zo\u00ade@example.org",
    "right to left": "\u202ezoe@example.org",
    "byte-order mark inside": "zoe\ufeff@example.org",
    "two addresses": "zoe@example.org, bo@example.org",
    "a name around it": "Zoë <zoe@example.org>",
    "accents": "zoë@example.org",
    "no top": "zoe@localhost",
    "two dots": "zoe..m@example.org",
    "a dot at the end": "zoe@example.org.",
    "too long": "z" * 65 + "@example.org",
    "an IP address": "zoe@[192.0.2.1]",
    "a script": '"<script>"@example.org',
}
