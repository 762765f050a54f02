#!/usr/bin/env python3
"""Kept figures that cannot be: pages and reports say what to run, and the server lives."""
import sqlite3
import sys

import console
import spine


def damaged(results, folder, sound):
    """A row of the kept figures that cannot be is told where it is read; the server lives."""
    large = 2 ** 63 - 1
    for what, words in (
            ("open amounts", f"UPDATE figure SET minor = {large} WHERE kind = 0"),
            ("all amounts", f"UPDATE figure SET minor = {large}, counted = {large}"),
            ("a currency", "UPDATE figure_group SET currency = 998 WHERE currency = 840"),
            ("a kind", "UPDATE figure SET kind = kind + 1000"),
            ("groups that are not there", "DELETE FROM figure_group WHERE level = 0")):
        book = folder / f"{what.replace(' ', '-')}.db"
        spine.copy_book(sound, book)
        with sqlite3.connect(book) as db:
            results.check(db.execute(words).rowcount > 0, f"{what}: nothing was damaged")
        proof = spine.Recoup(book).call("prove", "--measures", "--now", console.PAGES_NOW)
        results.check(proof.returncode == 8, f"{what}: recoup prove --measures finds it", proof.returncode, proof.stderr[-300:])
        with console.serving(book) as address, console.Console(address, "helen") as helen:
            for path in ("/insights", "/insights/ageing", "/insights/vintages", "/insights/csv", "/clients"):
                page = helen.get(path)
                results.check(page.status in (200, 500), f"{what}, {path}: answered", page.status)
            page = helen.get("/insights")
            if what == "all amounts":
                results.check(page.status == 200 and page.says("recoup prove --measures"),
                              f"{what}: the panels say what to run", page.status, page.words()[:400])
            if what == "open amounts":
                results.check(page.status == 200 and page.says("Right person reached", "recoup prove --measures"),
                              f"{what}: the other panels are there", page.words()[:400])
            results.check(helen.get("/accounts").status == 200, f"{what}: the server lives")
        for name in ("collected", "vintages", "cash-forecast", "steps"):
            ran = spine.Recoup(book).call("report", name, "--json", "--now", console.PAGES_NOW)
            results.check(ran.returncode in (0, 1), f"{what}, report {name}: exit {ran.returncode}", ran.stderr[-300:])
            if what in ("all amounts", "a currency") and name == "collected":
                results.check(ran.returncode == 1 and "recoup prove --measures" in ran.stdout + ran.stderr,
                              f"{what}: the report says what to run", ran.stdout[-300:], ran.stderr[-300:])


def main():
    results = spine.Results("damaged figures")
    with spine.scratch("damaged") as folder:
        book = console.demo(folder, 60)
        with console.serving(book) as address, console.Console(address, "helen") as helen:
            results.check(helen.get("/insights").status == 200, "the sound book is read")
        spine.Recoup(book).must("report", "steps", "--now", console.PAGES_NOW)
        damaged(results, folder, book)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
