"""What the form of a page would send: each field with the value that it shows."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "input" and has.get("name") and has.get("type") != "checkbox":
            self.values[has["name"]] = has.get("value", "")
        elif tag == "textarea" and "name" in has:
            self.area = has["name"]
            self.values[self.area] = ""
        elif tag == "select":
            self.select = has.get("name", "")
        elif tag == "option" and self.select:
            first = self.values.setdefault(self.select, has.get("value", ""))
            self.values[self.select] = has.get("value", "") if "selected" in has else first

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values[self.area] = self.values[self.area].strip()
            self.area = ""
        elif tag == "select":
            self.select = ""


def form_of(page: str) -> dict[str, str]:
    """The fields in the main part of a page."""
    reader = _Form()
    reader.feed(page.split("<main")[1].split("</main")[0])
    return reader.values


def words_of(page: str) -> list[str]:
    """The words of each clause in the form."""
    values = form_of(page)
    return [values[f"words_{number}"] for number in range(int(values["rows"]))]
