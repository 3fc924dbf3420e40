"""Lists: sorting, filters, pages, and files that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.foundation import tables
from app.foundation.forms import FilterForm, line
from app.foundation.geo import Place
from app.foundation.tables import Column, Listing


class Filters(FilterForm):
    q = line("Find", required=False, most=50)


def narrow(query, form):  # type: ignore[no-untyped-def]
    if form.q.data:
        query = query.where(func.lower(Place.city).like(tables.like(form.q.data), escape="\\"))
    return query


LISTING: Listing[Place] = Listing(
    name="places",
    columns=(
        Column("zip", "ZIP", lambda p: p.zip, sort=Place.zip),
        Column("city", "City", lambda p: p.city, sort=Place.city),
        Column("county", "County", lambda p: p.county),
    ),
    sort="zip",
    tie_break=Place.zip,
    filters=Filters,
    apply=narrow,
    size=10,
)


def place(number: int, city: str = "Columbus") -> Place:
    return Place(
        zip=f"{number:05}",
        city=city,
        state="OH",
        county="Franklin",
        time_zone="America/New_York",
        latitude=40.0,
        longitude=-83.0,
    )


def page(app: Flask, query_string: str = "") -> tables.Page[Place]:
    with app.test_request_context(f"/places?{query_string}"):
        return tables.page_of(LISTING, select(Place), export=True)


@pytest.fixture
def places(db: Session) -> Session:
    db.add_all([place(n, "Ames" if n % 5 == 0 else "Columbus") for n in range(1, 26)])
    db.commit()
    return db


def test_pages_hold_so_many_rows_and_know_their_neighbors(app: Flask, places: Session) -> None:
    second = page(app, "page=2&q=")

    assert [p.zip for p in second.rows] == [f"{n:05}" for n in range(11, 21)]
    assert (second.number, second.pages, second.total) == (2, 3, 25)
    assert second.previous_url == "/places?page=1"
    assert second.next_url == "/places?page=3"


def test_a_page_beyond_the_last_is_the_last(app: Flask, places: Session) -> None:
    assert page(app, "page=99").number == 3


def test_a_page_that_is_no_number_is_not_found(app: Flask, places: Session) -> None:
    with pytest.raises(NotFound):
        page(app, "page=-1")


def test_sorting_by_a_column_and_back(app: Flask, places: Session) -> None:
    first = page(app, "sort=city")

    assert {p.city for p in first.rows[:5]} == {"Ames"}
    city = first.columns[1]
    assert (city.sorted, city.sort_url) == ("asc", "/places?sort=-city")
    assert page(app, "sort=-city").rows[0].city == "Columbus"


def test_an_unknown_sort_is_the_usual_one(app: Flask, places: Session) -> None:
    assert page(app, "sort=county").rows[0].zip == "00001"
    assert page(app, "sort=drop").columns[0].sorted == "asc"


def test_a_filter_narrows_and_its_wildcards_are_letters(app: Flask, places: Session) -> None:
    assert page(app, "q=ames").total == 5
    assert page(app, "q=%25").total == 0
    assert page(app, "q=_mes").empty


def test_what_one_chose_is_not_chosen_for_the_next(app: Flask, places: Session) -> None:
    totals, filtered = [], []
    for chosen in ("", "q=ames", "page=1", "q=" + "x" * 51, ""):
        found = page(app, chosen)
        totals.append(found.total)
        filtered.append(found.filtered)
    assert totals == [25, 5, 25, 25, 25]
    assert filtered == [False, True, False, True, False]


def test_the_export_keeps_the_filter(app: Flask, places: Session) -> None:
    assert page(app, "q=ames&page=1").export_url == "/places?q=ames&page=1&format=csv"

    with app.test_request_context("/places?q=ames&format=csv"):
        response = tables.csv_of(LISTING, select(Place))
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0] == ["ZIP", "City", "County"]
    assert [row[1] for row in rows[1:]] == ["Ames"] * 5


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"])
def test_formulas_are_neutral_in_files(cell: str) -> None:
    assert tables.neutral(cell) == f"'{cell}"
