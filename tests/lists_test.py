#!/usr/bin/env python3
"""Lists of work over HTTP: each shows what the book holds, filtered, page by page, to those who
may see it, and as a file; saved views; messages settled by hand."""
import csv
import datetime
import html
import io
import re
import sqlite3
import sys
import urllib.parse

import console
import spine

TODAY = (datetime.date(2026, 11, 20) - datetime.date(1970, 1, 1)).days
CLIENT = "Harvest Credit Union"


def listed(page):
    """References of the rows of a list, in their order."""
    body = re.search(r"<tbody>(.*?)</tbody>", page.text, re.S)
    return re.findall(r'<span class="(?:sub )?mono">([^<]*)</span>', body.group(1)) if body else []


def next_link(page):
    found = re.search(r'<a class="btn" href="([^"]*[?&](?:amp;)?after=[^"]*)"', page.text)
    return html.unescape(found.group(1)) if found else None


def walked(console_, path):
    """Every row of every page from here on, and how many pages there were."""
    rows, pages = [], 0
    while path and pages < 60:
        page = console_.get(path)
        rows += listed(page)
        pages += 1
        path = next_link(page)
    return rows, pages


def filed(page):
    return list(csv.DictReader(io.StringIO(page.text)))


class Case:
    def __init__(self, results, folder):
        self.results, self.book = results, console.demo(folder)
        self.change("UPDATE staff SET clients = ? WHERE email LIKE 'vic@%'", CLIENT)
        self.unsure = self.rows(
            "SELECT bucket, casefile_id, outbox_no, decision_seq FROM outbox"
            " WHERE state = 'sent' ORDER BY decision_seq, bucket LIMIT 2")
        for bucket, casefile, number, _ in self.unsure:
            self.change("UPDATE outbox SET state = 'unsure' WHERE bucket = ? AND casefile_id = ?"
                        " AND outbox_no = ?", bucket, casefile, number)

    def change(self, sql, *values):
        with sqlite3.connect(self.book) as db:
            db.execute(sql, values)

    def rows(self, sql, *values):
        with sqlite3.connect(self.book) as db:
            return db.execute(sql, values).fetchall()

    def references(self, table, where, order="", *values):
        return [r for r, in self.rows(
            f"SELECT c.reference FROM {table} AS m JOIN casefile AS c ON c.bucket = m.bucket"
            f" AND c.casefile_id = m.casefile_id WHERE {where}"
            + (f" ORDER BY {order}" if order else ""), *values)]

    def check(self, right, what, *more):
        self.results.check(right, what, *more)

    def same(self, path, table, where, order, *values):
        """All pages of a list are the rows of the table, in this order, each once; so is its file."""
        got, pages = walked(self.rosa, path)
        wanted = self.references(table, where, order, *values)
        self.check(got == wanted, f"{path}: {len(got)} rows on {pages} pages, {len(wanted)} wanted",
                   got[:5], wanted[:5])
        start, _, query = path.partition("?")
        file = filed(self.rosa.get(start + ".csv" + ("?" + query if query else "")))
        self.check([row["account"] for row in file] == wanted, f"the file of {path}", len(file))
        return len(wanted)

    # ---- What is listed ----

    def lists(self):
        lists = {
            "/promises": ("promise", "m.due_day, m.casefile_id, m.promise_no", "open"),
            "/disputes": ("dispute", "m.answer_day, m.casefile_id, m.dispute_no", "open"),
            "/offers": ("offer", "m.expires_day, m.casefile_id, m.offer_no", "open"),
            "/plans": ("plan", "m.made_day DESC, m.casefile_id DESC, m.plan_no DESC", "active"),
            "/payments": ("payment", "m.state_day DESC, m.casefile_id DESC, m.payment_no DESC",
                          None),
            "/outbox": ("outbox", "m.state_at DESC, m.casefile_id DESC, m.outbox_no DESC", None),
        }
        for path, (table, order, usual) in lists.items():
            many = self.same(path, table, f"m.state = '{usual}'" if usual else "1 = 1", order)
            self.check(many > 0, f"{path} has rows in the demo")
            self.same(path + ("?state=all" if path != "/outbox" else ""), table, "1 = 1", order)
            for state, in self.rows(f"SELECT DISTINCT state FROM {table}"):
                many = self.same(f"{path}?state={state}", table, f"m.state = '{state}'", order)
                chips = self.rosa.get(path).words()
                said = "1,000+" if many >= 1000 else str(many)
                self.check(re.search(rf" {re.escape(said)} ", chips), f"{path} counts {many} {state}")
            self.same(f"{path}?client={urllib.parse.quote(CLIENT)}"
                      + ("&state=all" if path != "/outbox" else ""), table,
                      "c.creditor = ?", order, CLIENT)
        self.same("/hardship?state=all", "fact",
                  "m.type = 'hold' AND m.scope = 'hardship'", "m.at, m.casefile_id, m.fact_no")

    def filters(self):
        due = "m.due_day, m.casefile_id, m.promise_no"
        self.same("/promises?state=all&from=2026-11-21&to=2026-11-30", "promise",
                  f"m.due_day BETWEEN {TODAY + 1} AND {TODAY + 10}", due)
        self.same("/promises?state=all&what=plan", "promise", "m.plan_no <> 0", due)
        self.same("/promises?state=all&what=single", "promise", "m.plan_no = 0", due)
        self.same("/payments?what=card&state=settled", "payment",
                  "m.method = 'card' AND m.state = 'settled'",
                  "m.state_day DESC, m.casefile_id DESC, m.payment_no DESC")
        self.same("/outbox?stuck=yes", "outbox", "m.state IN ('unsure', 'failed', 'bounced')",
                  "m.state_at DESC, m.casefile_id DESC, m.outbox_no DESC")
        self.same("/outbox?channel=letter", "outbox", "m.channel = 'letter'",
                  "m.state_at DESC, m.casefile_id DESC, m.outbox_no DESC")
        names = self.references("promise", "m.state = 'open'")
        got, _ = walked(self.rosa, f"/promises?q={names[0].lower()}")
        self.check(set(got) == {names[0]}, "a piece of a reference, in small letters", got)
        got, _ = walked(self.omar, "/promises?who=me&state=all")
        self.check(sorted(got) == sorted(self.references("promise", "m.author LIKE 'omar@%'")),
                   "what Omar put down himself", len(got))
        for path in ("/promises?state=none", "/promises?from=yesterday", "/promises?after=1.x",
                     "/accounts?late_from=x", "/accounts?reach=fax", "/accounts?reach=no-", "/accounts?over=1.234567", "/accounts?order=x",
                     "/accounts?currency=Z", "/outbox?state=x", "/outbox?after=zzz"):
            self.check(self.rosa.get(path).status == 400, f"{path} is told apart")
        page = self.rosa.get("/promises?q=nobody-of-this-name")
        self.check(page.says("No promise fits."), "nothing found is said in words")

    def accounts(self):
        wanted = self.references("casefile", "m.open_since < 99999999",
                                 "m.open_since, m.casefile_id")
        got, pages = walked(self.rosa, "/accounts")
        self.check(got == wanted and pages > 3, "accounts, the longest due first", got[:3], wanted[:3])
        for query, where, order in (
                ("order=amount&currency=USD", "m.open_currency = 840",
                 "m.open_minor DESC, m.casefile_id DESC"),
                ("order=clear", "m.open_currency = 0", "m.bucket, m.casefile_id"),
                ("standing=waiting", "m.standing = 'waiting' AND m.open_currency <> 0",
                 "m.open_since, m.casefile_id"),
                ("late_from=30&late_to=90",
                 f"m.open_since BETWEEN {TODAY - 90} AND {TODAY - 30}",
                 "m.open_since, m.casefile_id"),
                ("currency=USD&over=100&under=500.50",
                 "m.open_currency = 840 AND m.open_minor BETWEEN 10000 AND 50050",
                 "m.open_since, m.casefile_id"),
                ("language=de", "EXISTS (SELECT 1 FROM party p WHERE p.bucket = m.bucket AND "
                 "p.casefile_id = m.casefile_id AND p.party_no = 1 AND (p.language = 'de' OR "
                 "p.language LIKE 'de-%')) AND m.open_currency <> 0", "m.open_since, m.casefile_id"),
                *((f"reach={no}{way}", f"{'NOT' if no else ''} EXISTS (SELECT 1 FROM contact_point k "
                   "WHERE k.bucket = m.bucket AND k.casefile_id = m.casefile_id AND k.party_no = 1 AND "
                   f"k.channel = '{'sms' if way == 'call' else way}' AND k.state = 'good') AND m.open_currency <> 0",
                   "m.open_since, m.casefile_id")
                  for way in ("call", "email") for no in ("", "no-")),
                ("kind=firms", "m.business = 1 AND m.open_currency <> 0",
                 "m.open_since, m.casefile_id"),
                ("place=US-TX", "',' || m.places LIKE '%,US-TX%' AND m.open_currency <> 0",
                 "m.open_since, m.casefile_id"),
                (f"client={urllib.parse.quote(CLIENT)}&order=amount&currency=USD",
                 f"m.creditor = '{CLIENT}' AND m.open_currency = 840",
                 "m.open_minor DESC, m.casefile_id DESC")):
            self.same(f"/accounts?{query}", "casefile", where, order)
        page = self.rosa.get("/accounts")
        count, = self.rows("SELECT COUNT(*) FROM casefile WHERE standing = 'waiting'"
                           " AND open_currency <> 0")[0]
        self.check(page.says(f"Waiting {count}"), "standings are counted")
        one = self.references("casefile", "m.open_currency <> 0")[0]
        self.check(listed(self.rosa.get(f"/accounts?q={one}")) == [one], "one by its reference")

        got = listed(self.rosa.get("/accounts?q=okafor&currency=USD&over=2000"))
        wanted = self.references(
            "party", "m.party_no = 1 AND m.name LIKE '%Okafor%' AND c.open_currency = 840"
            " AND c.open_minor >= 200000")
        self.check(sorted(got) == sorted(wanted) and got, "by name and amount", got, wanted)
        everybody = listed(self.rosa.get("/accounts?q=okafor"))
        apart = [listed(self.rosa.get(f"/accounts?q=okafor&reach={way}")) for way in ("email", "no-email")]
        self.check(sorted(everybody) == sorted(apart[0] + apart[1]) and apart[0], "by name and mailbox",
                   everybody, apart)
        self.check(listed(self.rosa.get("/accounts?q=okafor&language=xx")) == [], "by name and language")

    def links(self):
        for path in ("/promises?state=all", "/plans?state=all", "/offers?state=all",
                     "/disputes?state=all", "/hardship?state=all", "/payments"):
            page = self.rosa.get(path)
            for link in dict.fromkeys(html.unescape(link) for link in re.findall(
                    r'<a class="nm" href="([^"]*)"', page.text)):
                self.check(self.rosa.get(link).status == 200, f"{path} leads to {link}")
            self.check(page.status == 200, path)

    def strip(self):
        page = self.rosa.get("/promises")
        days = {day: count for day, count in self.rows(
            "SELECT due_day, COUNT(*) FROM promise WHERE state = 'open' GROUP BY due_day")}
        shown = [0 if n == "none" else int(n) for n in
                 re.findall(r'<span class="n num">(\w+)(?: promises?)?</span>', page.text)]
        self.check(shown == [days.get(TODAY + i, 0) for i in range(10)], "the strip of days", shown)

    # ---- Who sees what ----

    def limited(self):
        tables = {"/promises": "promise", "/plans": "plan", "/offers": "offer",
                  "/payments": "payment", "/disputes": "dispute"}
        for path, table in tables.items():
            got, _ = walked(self.vic, path + "?state=all")
            wanted = self.references(table, "c.creditor = ?", "", CLIENT)
            self.check(sorted(got) == sorted(wanted), f"{path} of who sees one client",
                       len(got), len(wanted))
        for path, table, where in (("/outbox", "outbox", "c.creditor = ?"),
                                   ("/accounts", "casefile",
                                    "m.creditor = ? AND m.open_currency <> 0"),
                                   ("/accounts?order=clear", "casefile",
                                    "m.creditor = ? AND m.open_currency = 0")):
            got, _ = walked(self.vic, path)
            self.check(sorted(got) == sorted(self.references(table, where, "", CLIENT)),
                       f"{path} of who sees one client", len(got))
        other = self.references("casefile", "m.creditor <> ?", "", CLIENT)[0]
        for path in (f"/accounts?q={other}", f"/promises?state=all&q={other}",
                     "/accounts?client=Bluebird+Wireless"):
            self.check(listed(self.vic.get(path)) == [], f"{path} shows Vic nothing")
        self.check("Bluebird" not in self.vic.get("/promises").text, "nor the names of others")
        self.check(self.vic.get("/promises.csv").status == 403, "reading is not taking away")

    # ---- Views ----

    def views(self):
        rosa, omar, helen = self.rosa, self.omar, console.Console(self.address, "helen")
        page = rosa.get("/promises?state=kept&what=plan")
        page = page.form("/views").submit(name="  Plans that were paid  ", desk="")
        self.check(page.says("Saved as", "Plans that were paid"), "a view is saved")
        link = next((l for l in page.links("/promises?") if "what=plan" in l), None)
        self.check(link == "/promises?state=kept&what=plan", "and leads back", link)
        self.check(not omar.get("/promises").says("Plans that were paid"), "own only")
        number = re.search(r'action="/views/(\d+)"', page.text).group(1)
        page = next(f for f in page.forms() if f.action == f"/views/{number}").submit(
            name="Paid plans", desk="*")
        self.check(page.says("Paid plans") and not page.says("Plans that were paid"), "renamed")
        theirs = omar.get("/promises")
        self.check(theirs.says("Paid plans", "Rosa Okoye"), "everybody has it now")
        self.check(not omar.get("/disputes").says("Paid plans"), "on its list alone")
        self.check(f"/views/{number}/remove" not in theirs.text, "but not to change")
        self.check(omar.post(f"/views/{number}/remove", {}).status == 404, "nor to delete")
        page = rosa.post(f"/views/{number}/remove", {})
        self.check(page.says("is deleted"), "deleted")
        self.check(not omar.get("/promises").says("Paid plans"), "for all")
        page = page.form("/views?").submit()
        self.check(page.says("Paid plans"), "and taken back")
        kinds = [change for change, in self.rows(
            "SELECT json_extract(record, '$.change') FROM journal WHERE kind = 'user'"
            " AND record LIKE '%\"view_%' ORDER BY seq")]
        self.check(kinds == ["view_saved", "view_changed", "view_removed", "view_saved"],
                   "in the journal", kinds)
        for bad in ({"name": "", "list": "/promises", "query": ""},
                    {"name": "x" * 61, "list": "/promises", "query": ""},
                    {"name": "x", "list": "//elsewhere.example", "query": ""},
                    {"name": "x", "list": "/promises", "query": 'a"><b'}):
            self.check(rosa.post("/views", bad).status in (400, 422), "bad views", bad)
        page = helen.get("/accounts?order=amount").form("/views").submit(name="Large", desk="*")
        self.check(page.says("Large"), "of accounts, too")
        self.check(self.rosa.get("/accounts?order=amount").says("Large"), "for others")

        page = self.omar.get("/queue?kind=promises&order=oldest").form("/views").submit(name="Money")
        self.check("/queue?kind=promises&order=oldest" in page.links("/queue?"), "of the queue")

    # ---- Messages ----

    def settle(self):
        (b1, c1, n1, d1), (b2, c2, n2, d2) = self.unsure
        page = self.rosa.get("/outbox?state=unsure")
        self.check(len(listed(page)) == 2, "two are unsure")
        self.check("settle" not in self.vic.get("/outbox").text, "who may only read settles none")
        self.check(self.vic.post(f"/outbox/{b1}.{d1}/settle", {"known": "sent"}).status in (403, 404),
                   "not by post either")
        page = self.ada.get(f"/outbox/{b1}.{d1}")
        self.check(page.says("Nobody knows whether it went out."), "doubt is said")
        page = page.form("/settle").submit(known="sent")
        self.check(page.says("Settled: it was sent."), "settled as sent", page.words()[:300])
        page = self.ada.get(f"/outbox/{b2}.{d2}").form("/settle").submit(known="not_sent")
        self.check(page.says("Settled: it was not sent."), "settled as not sent")
        states = [self.rows("SELECT state FROM outbox WHERE bucket = ? AND casefile_id = ?"
                            " AND outbox_no = ?", *key)[0][0] for key in ((b1, c1, n1), (b2, c2, n2))]
        self.check(states == ["sent", "ready"], "the book says so", states)
        again = self.ada.post(f"/outbox/{b1}.{d1}/settle", {"known": "not_sent"})
        self.check(again.status == 409 and again.says("only a message that is unsure"),
                   "once only", again.status)
        self.check(self.ada.post(f"/outbox/{b2}.{d2}/settle", {}).status == 422, "needs an answer")
        page = self.rosa.get(f"/outbox/{b2}.{d2}")
        page = page.form("/stop").submit()
        self.check(page.says("Stopped: it is not sent."), "one that waits is stopped")
        self.check(self.rosa.post(f"/outbox/{b2}.{d2}/stop", {}).status == 409, "once, too")

    # ---- Hardship ----

    def hardship(self):
        page = self.rosa.get("/hardship")
        link = re.search(r'<a class="nm" href="([^"]*)"', page.text).group(1)
        before = len(listed(page))
        self.check(page.says("Two business days is our limit to decide. In the last 30 days nothing was decided."),
                   "how long decisions took is said beside the limit", page.words()[:300])
        page = console.Console(self.address, "lena").get(link)
        page = page.form("/decide").submit(result="pause", until="2027-01-31", review="2026-12-15",
                                           note="Back at work in January.")
        self.check(page.says("Decided: the pause goes on."), "a hardship is decided",
                   page.words()[:400])
        self.check(len(listed(self.rosa.get("/hardship"))) == before - 1, "and waits no more")
        page = self.rosa.get("/hardship?state=decided")
        self.check(page.says("Pause", "Dec 15"), "but is looked at again", page.words()[-600:])
        free = self.references("casefile", "m.standing = 'waiting'")[0]
        page = self.omar.get(f"/accounts/{free}/hardship")
        page = page.form("/hardship").submit(reason="Lost work", until="2026-12-31", freeze="yes")
        self.check(page.says("Paused until", "Lost work"), "taken down", page.words()[:400])
        page = self.omar.get(f"/accounts/{free}/hardship")
        self.check(page.says("Waits for our decision"), "the account leads to it")
        self.check(free in listed(self.rosa.get("/hardship")), "and it is on the list")
        self.check("/decide" not in page.text, "a collector does not decide it")
        bad = self.omar.post(f"/accounts/{free}/hardship", {"reason": ""})
        self.check(bad.status == 422, "a reason is needed", bad.status)

    def late_feed(self):
        """Where the payments file is late, what is said of money may not be so any more."""
        line = "older than the house allows"
        self.check(not any(self.rosa.get(p).says(line) for p in ("/promises", "/payments")), "nothing is late")
        spine.Recoup(self.book).must("setting", "put", "bank_feed_hours", "48")
        page = self.rosa.get("/promises")
        self.check(page.says(line, "may be paid already"), "a payments file that is late is told", page.words()[-900:])
        self.check(self.rosa.get("/payments").says(line) and not self.rosa.get("/disputes").says(line),
                   "where it matters")
        spine.Recoup(self.book).must("setting", "put", "bank_feed_hours", "0")

    def answered(self):
        """When every dispute is answered, the empty list says how long the last answer took."""
        open_ones = self.rows("SELECT c.reference, d.dispute_no, d.received_day FROM dispute AS d"
                              " JOIN casefile AS c USING (bucket, casefile_id)"
                              " WHERE d.state = 'open' ORDER BY d.received_day")
        self.check(open_ones and "The last answer took" not in self.rosa.get("/disputes").text,
                   "while some are open, nothing is said of answers", open_ones)
        for reference, number, _ in open_ones:
            page = self.rosa.get(f"/accounts/{reference}/dispute/{number}")
            form = next(f for f in page.forms() if ("result", "upheld") in f.fields)
            page = form.submit(text="You are right.")
            self.check(page.status == 200, f"dispute {number} is answered", page.words()[:300])
        took = [day for day, in self.rows("SELECT state_day - received_day FROM dispute"
                                          " WHERE state = 'upheld' ORDER BY state_day DESC")]
        page = self.rosa.get("/disputes")
        self.check(page.says("No open disputes", "The last answer took")
                   and any(page.says(f"took {days} day") for days in took),
                   "the last answer stands where nothing is open", page.words()[-300:], took)
        self.check(not self.rosa.get("/disputes?what=other").says("The last answer took"),
                   "but not of a part of the list")

    def run(self):
        with console.serving(self.book) as address:
            self.address = address
            self.rosa, self.omar, self.vic, self.ada = (
                console.Console(address, who) for who in ("rosa", "omar", "vic", "ada"))
            self.lists()
            self.filters()
            self.accounts()
            self.links()
            self.strip()
            self.limited()
            self.views()
            self.settle()
            self.hardship()
            self.late_feed()
            self.answered()
        findings = spine.Recoup(self.book).findings()
        self.results.none([f for f in findings if "outbox" not in str(f)], "prove finds nothing")


def main():
    results = spine.Results("lists")
    with spine.scratch("lists") as folder:
        Case(results, folder).run()
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
