#!/usr/bin/env python3
"""Every list of the API, page by page: whatever the length of a page, all rows come, each once, also
while others are added; and a page of all accounts costs the same in any book."""
import json
import re
import sqlite3
import sys
import urllib.parse

import console
import spine
from api_client import Program, SCOPES, token

sys.path.insert(0, str(spine.ROOT / "tools"))
sys.dont_write_bytecode = True
import pack  # noqa: E402

# The path of each list that has pages: its rows, what names one, and how it is narrowed.
LISTS = {
    "/accounts": ("accounts", ("account",), ""),
    "/accounts/{account}/contacts": ("contacts", None, ""),
    "/accounts/{account}/decisions": ("decisions", ("record",), ""),
    "/accounts/{account}/notes": ("notes", ("note",), ""),
    "/accounts/{account}/timeline": ("timeline", None, ""),
    "/complaints": ("complaints", ("account", "complaint"), ""),
    "/decisions": ("decisions", ("record",), "&view=records&from=2026-11-18&to=2026-11-20"),
    "/disputes": ("disputes", ("account", "dispute"), ""),
    "/imports": ("imports", ("import",), ""),
    "/messages": ("messages", ("message",), ""),
    "/offers": ("offers", ("account", "offer"), ""),
    "/payments": ("payments", ("account", "number"), ""),
    "/plans": ("plans", ("account", "plan"), ""),
    "/promises": ("promises", ("account", "promise"), ""),
    "/queue": ("tasks", ("account", "task"), ""),
    "/reports/{report}/rows": ("rows", ("account",), ""),
    "/rules": ("rules", None, ""),
    "/samples": ("samples", ("sample",), ""),
}
LENGTHS = (1, 2, 3, 200)


class Lists:
    def __init__(self, results, address, book):
        self.results = results
        self.book = book
        self.rosa = Program(address, token(book, "rosa", *SCOPES, user="rosa"))
        self.helen = Program(address, token(book, "helen", "accounts", "audit", user="helen"))
        self.helen.keys = 50000
        self.root = self.rosa.ask("GET", "/api/v1/openapi.json")[1]
        self.accounts = [r["account"] for r in self.rosa.ask("GET", "/api/v1/accounts?limit=200")[1]["accounts"]]
        with sqlite3.connect(book) as db:  # the one of which most was decided
            self.busy = db.execute("SELECT c.reference FROM journal AS j JOIN casefile AS c USING (bucket, casefile_id)"
                                   " WHERE j.kind = 'decision' GROUP BY 1 ORDER BY COUNT(*) DESC").fetchone()[0]
        self.added = 0

    def path(self, template):
        return "/api/v1" + template.replace("{account}", self.busy).replace("{report}", "collected")

    def has_limit(self, template):
        return any(p["name"] == "limit" for p in self.root["paths"]["/api/v1" + template]["get"]["parameters"])

    def walk(self, template, limit, between=None):
        name, key, narrowed = LISTS[template]
        by = self.helen if template in ("/decisions", "/samples") else self.rosa
        found, after, pages = [], "", 0
        while pages < 3000:
            length = f"limit={limit}" if self.has_limit(template) else ""
            status, page = by.ask("GET", f"{self.path(template)}?{length}{narrowed}{after}")
            if status != 200:
                self.results.check(False, f"a page of {template}", page)
                break
            self.results.check(not length or len(page[name]) <= limit, f"{template}: a page of {limit}", page)
            found += [tuple(r[k] for k in key) if key else json.dumps(r) for r in page[name]]
            if page["next"] is None:
                break
            after, pages = "&after=" + urllib.parse.quote(page["next"]), pages + 1
            if between and pages % 5 == 1:
                between()
        return found

    def check(self, template):
        key = LISTS[template][1]
        if template.startswith("/reports"):  # figures are counted behind the pages: now they all are
            spine.Recoup(self.book).call("report", "--json", "--now", console.PAGES_NOW)
        whole = self.walk(template, LENGTHS[-1])
        self.results.check(len(whole) > 3,
                           f"{template} has rows", len(whole))
        for limit in LENGTHS[:-1]:
            found = self.walk(template, limit)
            self.results.check(found == whole, f"{template} by {limit} is the whole list", len(found), len(whole))
        self.results.check(key is None or len(whole) == len(set(whole)), f"{template}: no row twice", len(whole))
        found = self.walk(template, 3, self.add)
        missing = set(whole) - set(found)
        self.results.check(not missing, f"{template}: what was there comes, whatever is added", *list(missing)[:3])
        self.results.check(key is None or len(found) == len(set(found)), f"{template}: and nothing twice")

    def add(self):
        """One more of many things, before and behind where a walk is."""
        self.added += 1
        for account in (self.accounts[0], self.accounts[self.added % len(self.accounts)], self.accounts[-1]):
            of = f"/api/v1/accounts/{account}/"
            self.rosa.ask("POST", of + "notes", {"text": f"added {self.added}"})
            self.rosa.ask("POST", of + "payments", {"payment": f"L-{self.added}-{account}", "amount": "0.01",
                                                    "currency": "USD"})
            self.rosa.ask("POST", of + "promises", {"amount": "0.01", "currency": "USD", "due": "2026-12-04"})

    def fill(self):
        for account in self.accounts[:20]:
            of = f"/api/v1/accounts/{account}"
            debts = [d["debt"] for d in self.rosa.ask("GET", of)[1]["debts"]]
            self.rosa.ask("POST", of + "/plans", {"months": 3, "agreed_by": "phone", "evidence": "recording 7"})
            self.rosa.ask("POST", of + "/offers", {"percent": 5, "debt": debts[-1]})
            self.rosa.ask("POST", of + "/disputes", {"reason": "amount", "debt": debts[0]})
        for n, account in enumerate(self.accounts[:7]):
            of = f"/api/v1/accounts/{account}/"
            self.rosa.ask("POST", of + "complaints", {"words": f"number {n}"})
            self.rosa.ask("POST", "/api/v1/imports", {"name": f"{n}.csv", "kind": "invoices", "content": "a;b\n1;2\n"})
            for k in range(5):
                self.rosa.ask("POST", f"/api/v1/accounts/{self.busy}/notes", {"text": f"{n} {k}"})
            self.rosa.ask("POST", f"/api/v1/accounts/{self.busy}/contacts", {"channel": "call", "outcome": "no_answer"})
            self.rosa.ask("POST", f"/api/v1/accounts/{self.busy}/calls", {})
            self.helen.ask("POST", "/api/v1/samples", {"of": "decisions", "from": "2026-10-01", "to": "2026-11-20",
                                                       "wanted": 2, "seed": n})


def check_filters(x):
    """A filter may leave a page short, and leaves out nothing."""
    rows = []
    for account in x.accounts:
        rows.append(x.rosa.ask("GET", f"/api/v1/accounts/{account}")[1])
    standing = max({r["standing"] for r in rows}, key=[r["standing"] for r in rows].count)
    for query, wanted in ((f"standing={standing}", [r["account"] for r in rows if r["standing"] == standing]),
                          ("q=" + urllib.parse.quote(rows[3]["name"][:4].upper()),
                           [r["account"] for r in rows if rows[3]["name"][:4].lower() in r["name"].lower() or
                            rows[3]["name"][:4].lower() in r["account"].lower()])):
        found, after = [], ""
        for _ in range(200):
            page = x.rosa.ask("GET", f"/api/v1/accounts?limit=2&{query}{after}")[1]
            found += [r["account"] for r in page["accounts"]]
            if page["next"] is None:
                break
            after = "&after=" + page["next"]
        x.results.check(sorted(found) == sorted(wanted) and found, f"accounts of {query}", found, wanted)
    for name, number in (("promises", "promise"), ("payments", "number")):
        whole = x.rosa.ask("GET", f"/api/v1/{name}?limit=200")[1][name]
        for state in {r["state"] for r in whole}:
            found, after = [], ""
            for _ in range(400):
                page = x.rosa.ask("GET", f"/api/v1/{name}?limit=2&state={state}{after}")[1]
                found += page[name]
                if page["next"] is None:
                    break
                after = "&after=" + page["next"]
            wanted = [r for r in whole if r["state"] == state]
            x.results.check(found[:len(wanted)] == wanted and {r["state"] for r in found} == {state},
                            f"{name} that are {state}", len(found), len(wanted))
    for bad in ("x", "0", "-1", "1.2", "9" * 30):
        status, value = x.rosa.ask("GET", f"/api/v1/accounts?after={bad}")
        x.results.check(status == 422 and value["error"]["code"] == "value.bad", f"after={bad}", value)


def statements(file):
    parts = re.split(r"^-- name: *(\w+) *$", (spine.ROOT / f"sql/query/{file}.sql").read_text(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def plan_of(db, name, body):
    sql, names = pack.numbered(pack.without_comments(body).strip().rstrip(";"), name)
    return [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + pack.sqlite(sql), [None] * len(names))]


def check_plans(results, book):
    """Pages are read from where the one before ended, in the order of a key: no row before is read, and
    nothing is sorted. So what a page costs does not follow from the size of the book. Nor does what
    every page counts."""
    with sqlite3.connect(book) as db:
        for name, body in statements("api").items():
            if re.search(r"> \(:bucket", body):
                steps = plan_of(db, name, body)
                results.check(not any(s.startswith("SCAN") or "TEMP B-TREE" in s for s in steps),
                              f"{name} searches", *steps)
        for file, name in (("approvals", "approval_offer_count"), ("approvals", "approval_marks"),
                           ("waiting", "waiting_messages")):
            steps = plan_of(db, name, statements(file)[name])
            results.check(any("USING COVERING INDEX" in s for s in steps) and not any(
                s.startswith("SCAN") and s != "SCAN w" for s in steps),
                          f"{name}, asked by every page, reads an index", *steps)


def main():
    results = spine.Results("api lists")
    with spine.scratch("api-lists") as folder:
        book = console.demo(folder, 120)
        with console.serving(book) as address:
            x = Lists(results, address, book)
            paged = {path[7:] for path, of in x.root["paths"].items()
                     if any(p["name"] == "after" for p in of.get("get", {}).get("parameters", []))}
            results.check(paged == set(LISTS), "every list that has pages is walked", *sorted(paged ^ set(LISTS)))
            x.fill()
            for template in LISTS:
                x.check(template)
            check_filters(x)
        check_plans(results, book)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
