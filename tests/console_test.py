#!/usr/bin/env python3
"""The small browser of the page tests bites: it signs in, keeps cookies, fills in forms."""
import sys

import console
import spine


class Nowhere:
    """Stands for a console, and keeps what would have been sent."""

    def post(self, path, fields, files=None, follow=True, token=True):
        return path, fields, files

    def get(self, path, follow=True):
        return path


FORMS = b"""<form action="/one" method="post" id="f"><input type="hidden" name="csrf" value="abc">
<input name="name" value="Maya &amp; co"><input type="checkbox" name="pick" value="1" checked>
<input type="checkbox" name="pick" value="2"><input type="radio" name="for" value="hour">
<select name="who"><option value="7">A</option><option value="8" selected>B</option></select>
<textarea name="note">Two
lines</textarea><input name="off" value="x" disabled>
<button name="do" value="go">Go</button></form><input name="outside" value="y" form="f">
<form action="/two"><input name="q" value=""></form>"""


def forms(results):
    page = console.Page(Nowhere(), "/here", 200, [], FORMS)
    path, fields, _ = page.form("/one").submit(for_="hour", pick=["1", "2"], name=None)
    results.check(path == "/one" and fields == [
        ("csrf", "abc"), ("who", "8"), ("note", "Two\nlines"), ("outside", "y"), ("for", "hour"),
        ("pick", "1"), ("pick", "2")], "a form sends what it has, and what was changed", fields)
    results.check(page.form("/one").choices["for"] == ["hour"], "choices are listed")
    results.check(page.form("/two").submit(q="a b") == "/two?q=a+b", "a form that gets")
    try:
        page.form("/three")
        results.check(False, "a form that is not there is said")
    except LookupError:
        results.check(True, "a form that is not there is said")


def people(results, folder):
    book = console.demo(folder, accounts=60)
    with console.serving(book) as address:
        nobody = console.Console(address)
        results.check(nobody.get("/accounts").path.startswith("/sign-in"), "strangers sign in first")
        try:
            nobody.sign_in("omar", "not-the-password")
            results.check(False, "a wrong password does not let in")
        except RuntimeError as refused:
            results.check("422" in str(refused), "a wrong password does not let in", refused)
        rosa = console.Console(address, "rosa")
        page = rosa.get("/accounts")
        results.check(page.status == 200 and page.says("Accounts"), "who signed in reads")
        results.check(page.links("/accounts/"), "a page has links")
        results.check(rosa.post("/sign-out", token=False).status == 403, "no token, no change")
        rosa.sign_out()
        results.check(rosa.get("/accounts").path.startswith("/sign-in"), "signed out is out")
    with console.Console(book, "vic@fairhaven.example") as vic:
        results.check(vic.get("/accounts").status == 200, "a book is served for one person")


def main():
    results = spine.Results("console")
    forms(results)
    with spine.scratch("console") as folder:
        people(results, folder)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
