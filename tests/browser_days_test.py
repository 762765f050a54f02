#!/usr/bin/env python3
"""Days in a real browser: a collector by keyboard alone, a manager's question down to its rows, a
strategy changed by form and by text, a compliance proof, the keys of single pages, a new
organisation from its first link to messages that leave. All but the first with script and without.

What is done stands in tests/browser/*.mjs. Skipped where Chromium or the npm packages are missing.
"""
import re
import subprocess
import sys

import spine

SHOP = """Invoice No;Customer no;Customer;Country;E-mail;Invoice Date;Due Date;Total;Open
1001;C-7;Harbour Café GmbH;DE;office@harbour.example;03.02.2026;17.02.2026;1.250,00;1.250,00
1002;C-8;Mill & Sons Ltd;GB;mill@sons.example;04.02.2026;18.02.2026;80,00;30,00
"""


def walked(results, node, name, *words):
    done = subprocess.run([node, spine.ROOT / f"tests/browser/{name}.mjs", *map(str, words)],
                          capture_output=True, text=True, check=False, timeout=400)
    counts = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
    print(re.sub(r"^\d+ passed, \d+ failed\n", "", done.stdout, flags=re.M), end="")
    if counts is None:
        print(done.stderr[-2000:])
    results.check(counts is not None, f"{name} comes to its end")
    if counts is not None:
        results.passed += int(counts[1])
        results.failed += int(counts[2])


def organisation(results, node, folder, plain):
    folder.mkdir()
    (folder / "recoup.yaml").write_text("db: new.db\nchannels: {folder: sent}\n")
    (folder / "shop.csv").write_text(SHOP)
    spine.in_folder(folder, "init", "--name", "Acme Books", "--admin", "ann@acme.example", "-o", "first.txt")
    link = (folder / "first.txt").read_text().strip()
    with spine.serving(folder / "new.db", None, "--config", str(folder / "recoup.yaml")) as address:
        walked(results, node, "organisation", address, link[link.index("/sign-in"):], folder / "shop.csv",
               *(["plain"] if plain else []))
    spine.in_folder(folder, "run", "--quiet")
    spine.in_folder(folder, "prove", "--quiet")


def main():
    node = spine.browser_driver()
    results = spine.Results("days")
    with spine.scratch("days") as folder:
        spine.in_folder(folder, "demo", "--accounts", "400", "--no-serve", "--quiet", "--now",
                        "2026-11-20T16:00:00Z")
        with spine.serving(folder / "demo-data/recoup.db", "2026-11-20T16:10:00Z") as address:
            for name in ("manager", "strategy", "compliance", "collector", "keys"):
                walked(results, node, name, address)
        for plain in (False, True):
            organisation(results, node, folder / ("plain" if plain else "script"), plain)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
