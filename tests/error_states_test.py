#!/usr/bin/env python3
"""What each page of the staff says when something is wrong, brought about on a real server: a server
that is gone, a chain that was broken, files that cannot be read, texts that miss something, a provider
that does not answer. By the screens of the design: A collectors, B the manager, C compliance, D the
administrator, P the way in. What other tests bring about is not brought about twice: contradictions
after a call and plans over a budget (work_test), a balance that does not match (account_test, customer_test), a row
that a colleague took (queue_test), a payments file that is late (lists_test), a file that was under way
when the program ended (import_pages_test), guessing (sign_in_test), drafts (strategy_form_test).
"""
import hashlib
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import threading
import time
import zipfile

import account_test
import api_client
import console
import spine

RESULTS = spine.Results("error states")
check = RESULTS.check
LATER = "2026-11-20T18:00:00Z"


def same(got, wanted, what):
    check(got == wanted, what, f"wanted {wanted!r}", f"got    {got!r}")


def says(page, what, *pieces, status=200):
    check(page.status == status and page.says(*pieces), what, page.status,
          *(piece for piece in pieces if not page.says(piece)), page.words()[-600:])


class Books:
    """A folder for each screen, with a copy of the same invented book."""

    def __init__(self, folder):
        self.folder = folder
        self.master = console.demo(folder)
        spine.Recoup(self.master).must("report", "collected", "--now", console.PAGES_NOW)  # figures are counted

    def copy(self, name):
        place = self.folder / name
        place.mkdir()
        spine.copy_book(self.master, place / "recoup.db")
        return place / "recoup.db"


def change(book, sql, *values):
    with sqlite3.connect(book) as db:
        db.execute(sql, values)
    db.close()


def title(page):
    return re.search(r"<title>(.*?) · Recoup</title>", page.text).group(1)


# ---- A: collectors --------------------------------------------------------------------------


def a1_server_gone(books):
    """Old rows with their time; the same wherever a part of a page does not come."""
    node = shutil.which("node")
    if node is None or not (spine.ROOT / "node_modules/playwright-core").is_dir():
        print("SKIP the browser of A1: there is none here")
        return
    book = books.copy("a1")
    server = subprocess.Popen([str(spine.program()), "serve", "--db", str(book), "--listen", "127.0.0.1:0",
                               "--now", console.PAGES_NOW], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        address = server.stdout.readline().split()[2].rstrip(".")
        done = subprocess.run([node, spine.ROOT / "tests/browser/errors.mjs", address, str(server.pid)],
                              capture_output=True, text=True, timeout=300, check=False)
        check(done.returncode == 0, "A1: what does not come leaves what stands", done.stdout[-1500:],
              done.stderr[-800:])
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def a2_money_stops(books):
    """A balance that does not match is told on every page, and nothing that rests on it is agreed, by a
    form that was open before either; what mends it goes on."""
    book = books.copy("a2")
    recoup = spine.Recoup(book)
    (book.parent / "client.yaml").write_text(account_test.MAP)

    def told(still_open):
        file = book.parent / "open.csv"
        file.write_text(f"Customer,No,Date,Due,Total,Open\nM-1,BW-1,2026-06-01,2026-07-01,1312.90,{still_open}\n")
        recoup.must("import", "invoices", file, "--map", book.parent / "client.yaml", "-y", "--now", console.DEMO_NOW)

    told("1312.90")
    recoup.must("pay", "record", "M-1", "--amount", "28.34", "--on", "2026-09-01", "--now", console.DEMO_NOW)
    band, no = "Do not quote a balance.", "Nothing is agreed, and nothing waived, while the client's file"
    with console.serving(book) as address:
        lena = console.Console(address, "lena")
        here = "/accounts/M-1"
        plan = lena.get(f"{here}/plan?amount=110&every=month")
        plan = lena.get(next(x for x in plan.links(here) if "/plan/check" in x)).form("/plan")
        told("1302.90")
        page = lena.get(here)
        says(page, "A2: the band", band, "client file says $1,302.90; ours says $1,284.56", "Contact to explain is allowed")
        check(not page.links(f"{here}/plan") and not page.links(f"{here}/offer"), "A2: no way to a plan or an offer")
        for path in ("plan", "offer", "promise", "charge"):
            says(lena.get(f"{here}/{path}"), f"A2: the page of a {path} by its address", band)
        late = lena.get(f"{here}/plan/check?" + plan.page.path.split("?")[1]).form("/plan")
        says(late.submit(evidence="recording 1"), "A2: no plan", no, "Say that the amount is being checked", status=409)
        promise = lena.get(f"{here}/promise").form("/promise").submit(amount="20", by="2026-11-27", note="on Friday")
        says(promise, "A2: no promise", no, status=409)
        check("on Friday" in promise.text, "A2: nothing typed is lost")
        shown = lena.get(f"{here}/offer").form("/offer").submit(amount="900", first="2026-12-04", reason="all at once")
        says(shown, "A2: no offer", no, status=shown.status)
        check(not any(f.action.endswith("/offer") and f.method == "POST" for f in shown.forms()), "A2: nor a way to it")
        says(lena.get(f"{here}/wrap-up").form("/wrap-up").submit(
            with_="person", happened="promise", amount="20", by="2026-11-27", identity=["postcode", "birth_date"]),
            "A2: none after a call", no, status=409)
        waived = lena.get(f"{here}/charge").form("/charge").submit(kind="waive", amount="5", reason="as a courtesy",
                                                                   component="principal", part="principal")
        check(waived.status in (409, 422) and (waived.status != 409 or waived.says(no)), "A2: no waiver",
              waived.status, waived.words()[-300:])
        program = api_client.Program(address, api_client.token(book, "a2", "accounts", "agree", "pay",
                                                                user="lena"))
        first = {"agreed_by": "phone", "evidence": "recording 1", "amount": "110.00", "every": "month"}
        for path, body in (("plans", first), ("offers", {"amount": "900.00"}), ("charges", {
                "kind": "waive", "amount": "5.00", "debt": "BW-1", "component": "principal", "reason": "as a courtesy"}),
                           ("promises", {"amount": "20.00", "currency": "USD", "due": "2026-11-27"})):
            status, said = program.ask("POST", f"/api/v1/accounts/M-1/{path}", body)
            check(status == 409 and no in said["error"]["message"], f"A2: {path} of the API neither", said)
        for words in (("plan", "create", "M-1", "--amount", "110"), ("promise", "M-1", "--amount", "20", "--by",
                      "2026-11-27"), ("charge", "write-off", "M-1", "--debt", "BW-1", "--amount", "5",
                                      "--reason", "as a courtesy")):
            done = recoup.call(*words, "--now", console.DEMO_NOW)
            check(done.returncode != 0 and no.lower() in done.stderr.lower(), f"A2: nor recoup {words[0]}", done.stderr, done.stdout)
        for table in ("plan", "promise", "offer"):
            same(spine.rows(book, f"SELECT COUNT(*) FROM {table} AS t JOIN casefile AS c USING (bucket, casefile_id)"
                            " WHERE c.reference = 'M-1'"), [(0,)], f"A2: there is no {table}")
        paid = lena.get(f"{here}/payment").form("/payment").submit(amount="10", method="cash")
        says(paid, "A2: money that came is recorded", "Recorded: $10.00")
        says(lena.get(here).form("/balance-checked").submit(checked="Their Ana confirmed ours."), "A2: settled",
             "Our figure stands.")
        check(lena.get(f"{here}/promise").form("/promise").submit(amount="20", by="2026-11-27").status == 200,
              "A2: then it goes on")


def a7_paper(books):
    """A paper that cannot be opened is not given out, and who looks is told to ask again."""
    book = books.copy("a7")
    with console.serving(book) as address:
        lena = console.Console(address, "lena")
        one = next(link for link in lena.get("/hardship").links("/accounts/") if "/hardship/" in link)
        page = lena.get(one).form("/paper").submit(files={"papers": ("payslip.pdf", b"%PDF-1.4 of October")})
        paper = next(link for link in page.links("/accounts/") if "/paper/e" in link)
        same(lena.get(paper).bytes, b"%PDF-1.4 of October", "A7: it comes back as it was sent")
        change(book, "UPDATE evidence SET bytes = x'00'")
        says(lena.get(paper), "A7: another is not given for it", "This paper cannot be opened", "Ask for it again",
             status=500)
        says(lena.get(one), "A7: the page is there all the same", "payslip.pdf")


def a10_search(address):
    omar = console.Console(address, "omar")
    says(omar.get("/search?q=zzzqqq"), "A10: nothing fits", "No match. Try part of a reference.")
    exact = omar.get("/accounts").links("/accounts/")[0].rsplit("/", 1)[1]
    check(f"/accounts/{exact}" in omar.get(f"/search?q={exact}").text, "A10: an exact reference is found")


def a10_recent(books):
    """What somebody opened lately is offered while nothing is typed: the last ten, to them alone, and only
    as long as they may see it."""
    book = books.copy("a10")

    def offered(person, path="/search"):
        return re.findall(r'<li><a href="/accounts/([^"]*)"', person.get(path).text)

    with console.serving(book) as address:
        omar, priya = console.Console(address, "omar"), console.Console(address, "priya")
        same(offered(omar), [], "A10: nothing was opened yet")
        opened = list(dict.fromkeys(link.rsplit("/", 1)[1] for link in omar.get("/accounts").links("/accounts/")))[:12]
        written = spine.rows(book, "SELECT COUNT(*) FROM journal")
        for reference in opened:
            omar.get(f"/accounts/{reference}")
        omar.get(f"/accounts/{opened[5]}?tab=debt")
        latest = [opened[5]] + [one for one in reversed(opened) if one != opened[5]][:9]
        same(offered(omar), latest, "A10: the last ten, each once")
        same(offered(omar, "/search?q=zzzqqq"), latest, "A10: and where nothing fits")
        check(not offered(omar, f"/search?q={opened[0]}x1y2")[10:], "A10: no more than these")
        same(offered(priya), [], "A10: to nobody else")
        omar.get(f"/queue?open={opened[0]}")
        same(offered(omar)[0], opened[0], "A10: who is opened in the queue, too")
        same(spine.rows(book, "SELECT COUNT(*) FROM journal WHERE kind <> 'search'"), written, "A10: to look wrote nothing")
        client = spine.rows(book, f"SELECT creditor FROM casefile WHERE reference = '{opened[5]}'")[0][0]
        change(book, f"UPDATE staff SET clients = '{client}' WHERE email LIKE 'omar@%'")
        own = {one for one, in spine.rows(book, f"SELECT reference FROM casefile WHERE creditor = '{client}'")}
        now = offered(console.Console(address, "omar"))
        same(now, [one for one in [opened[0], *latest] if one in own][:10], "A10: only what they may still see")


# ---- B: the manager -------------------------------------------------------------------------


def leaves(book, data):
    """The leaf pages of the table of figures, by the kind of figure of their first row."""
    root = spine.rows(book, "SELECT rootpage FROM sqlite_master WHERE name = 'figure'")[0][0]
    size, = struct.unpack(">H", data[16:18])
    kinds, todo = {}, [root]
    while todo:
        number = todo.pop()
        page = data[(number - 1) * size:number * size]
        cells, = struct.unpack(">H", page[3:5])
        if page[0] == 2:
            places = struct.unpack(f">{cells}H", page[12:12 + 2 * cells])
            todo += [struct.unpack(">I", page[at:at + 4])[0] for at in places]
            todo.append(struct.unpack(">I", page[8:12])[0])
        elif cells:
            at, = struct.unpack(">H", page[8:10])
            while page[at] > 127:  # the length of the row
                at += 1
            header = at + 1
            kind = {8: 0, 9: 1}.get(page[header + 1], page[header + page[header]])
            kinds.setdefault(kind, []).append(number)
    return size, kinds


def b1_panel(books):
    """A part of the database cannot be read: what needs it says so, the rest of the page is there."""
    book = books.copy("b1")
    with console.serving(book) as address:
        rosa = console.Console(address, "rosa")
        for _ in range(100):
            whole = rosa.get("/insights")
            if not whole.says("being counted"):
                break
            time.sleep(0.1)
    with sqlite3.connect(book) as db:
        db.execute("PRAGMA wal_checkpoint(truncate)")
    db.close()
    data = book.read_bytes()
    size, kinds = leaves(book, data)
    fault, panels, tiles = "This panel could not be filled", 0, 0
    for kind in (3, 5, 12):
        with book.open("r+b") as file:
            for number in kinds[kind]:
                file.seek((number - 1) * size)
                file.write(b"\xff" * 8)
        with console.serving(book) as address:
            page = console.Console(address, "rosa").get("/insights")
            failed = page.text.count(fault)
            check(page.status == 200 and failed < 6, f"B1: without figures of kind {kind} the page is there",
                  page.status, failed, page.words()[-300:])
            check(str(book) not in page.text, "B1: nobody is told where the database lies")
            whole_panels = len(re.findall(r'<section class="panel s\d', page.text))
            check(whole_panels > 8, "B1: the others are not touched", whole_panels)
            panels += failed
            tiles += page.text.count("could not be read just now")
        book.write_bytes(data)
    check(panels > 2 and tiles > 0, "B1: panels and figures say that they could not be read", panels, tiles)


LIVE = (spine.ROOT / "strategies/b2b-invoices.yaml").read_text()
BETTER = LIVE.replace("Invoices to businesses", "Bills to businesses", 1)
WRONG = BETTER.replace("expect: {segment: normal, step: past_due}", "expect: {segment: normal, step: final_notice}", 1)


def publish(book, *texts):
    """As an older program did, which had no fault to find with any of them."""
    with sqlite3.connect(book) as db:
        for version, text in enumerate(texts, 1):
            digest = hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
            db.execute("INSERT OR IGNORE INTO rule_text VALUES (?, ?)", (digest, text))
            db.execute("INSERT INTO publication VALUES (?, 'strategy', 'b2b-invoices', ?,"
                       " 'strategies/b2b-invoices.yaml', ?, 4, 5, 'better', 1795190400000000)",
                       (version, version, digest))
    db.close()


def b3_live_strategy(books):
    """A live strategy that fails its tests: a band, and the last good version runs."""
    book = books.copy("b3")
    publish(book, LIVE, BETTER, WRONG)
    with console.serving(book) as address:
        rosa = console.Console(address, "rosa")
        for path in ("/strategies", "/strategies/b2b-invoices"):
            says(rosa.get(path), f"B3: {path}", "Version 3 of b2b-invoices does not pass its tests",
                 "expected step final_notice, got past_due", "Version 2 runs instead", "Bills to businesses")
    recoup = spine.Recoup(book)
    recoup.must("run", "--now", "2026-11-21T16:00:00Z")
    told = recoup.must("strategy", "versions", "b2b-invoices")
    check("3" in told, "B3: the versions are all there", told)
    book = books.copy("b3-none")
    publish(book, WRONG)
    with console.Console(book, "rosa") as rosa:
        says(rosa.get("/strategies"), "B3: no version is good", "It runs as its file says", "Invoices to businesses")
    book = books.copy("b3-good")
    publish(book, LIVE, BETTER)
    with console.Console(book, "rosa") as rosa:
        page = rosa.get("/strategies")
        check(page.says("Bills to businesses") and not page.says("does not pass"), "B3: a good one is not complained of")


def b3_files(books):
    """A file of a folder of the house, broken while the server runs."""
    book = books.copy("b3-files")
    own = book.parent / "own"
    (own / "strategies").mkdir(parents=True)
    file = own / "strategies/b2b-invoices.yaml"
    with console.serving(book, flags=("--files", str(own))) as address:
        rosa = console.Console(address, "rosa")
        check("band stop" not in rosa.get("/strategies").text, "B3: nothing is wrong yet")
        file.write_text(WRONG)
        says(rosa.get("/strategies"), "B3: its test is told", "b2b-invoices does not pass its tests",
             "It runs as the file says")
        file.write_text(WRONG.replace("segments:", "segmnts:"))
        page = rosa.get("/strategies")
        says(page, "B3: a file that cannot be read", "A file of strategies cannot be read",
             'did you mean "segments"', "This server goes on with what it read before", "Invoices to businesses")
        says(rosa.get("/strategies/b2b-invoices"), "B3: its page is there", "cannot be read", "Final notice")
    ran = spine.Recoup(book).call("run", "--dry-run", "--files", str(own), "--now", LATER)
    check(ran.returncode == 5 and "segmnts" in ran.stderr, "B3: and no run decides by it", ran.returncode, ran.stderr)


def b4_problems(address):
    """Problems stand by line, and the draft saves all the same."""
    rosa = console.Console(address, "rosa")
    form = rosa.get("/strategies/b2b-invoices/draft").form("/draft")
    text = dict(form.fields)["text"]
    line = text[:text.index("ladder: small")].count("\n") + 1
    text = text.replace("ladder: small", "ladder: smal", 1)
    page = form.submit(text=text)
    says(page, "B4: saved, with what is wrong", "Saved as a draft", f"Line {line}")
    same(dict(page.form("/draft").fields)["text"], text, "B4: nothing typed is lost")
    compared = rosa.get("/strategies/b2b-invoices/compare")
    check(not any("/publish" in f.action for f in compared.forms()), "B4: and it cannot be asked for")


def b5_thin(address):
    """Too little history for a figure: none is given, and it says so."""
    says(console.Console(address, "rosa").get("/strategies/b2b-invoices/compare"), "B5: thin history",
         "No changes yet", "Too few to compare")


def b7_changed(books):
    """What was asked about changed meanwhile: it is read again before anybody agrees."""
    book = books.copy("b7")
    with console.serving(book) as address:
        priya, lena = console.Console(address, "priya"), console.Console(address, "lena")
        for (who,) in spine.rows(book, "SELECT reference FROM casefile WHERE standing = 'waiting' AND business = 0"
                                 " AND open_minor > 20000 ORDER BY casefile_id"):
            plan = priya.get(f"/accounts/{who}/plan?amount=12&every=month")
            link = next((x for x in plan.links("/accounts/") if "/plan/check" in x), None)
            if link and plan.says("Needs a team lead"):
                break
        priya.get(link).form("/plan").submit(evidence="recording 3")
        asked = next(f for f in lena.get("/approvals").forms() if f.action.endswith("/approve"))
        lena.get(f"/accounts/{who}/payment").form("/payment").submit(amount="10", method="cash")
        page = asked.submit(answer="fine by me")
        says(page, "B7: it is not agreed to", "has changed since it was asked", f"Read {who} as it is now", status=409)
        same((title(page), "fine by me" in page.text), ("Error: Approvals", True), "B7: the sentence is kept")
        same(spine.rows(book, "SELECT COUNT(*) FROM plan WHERE evidence = 'recording 3'"), [(0,)], "B7: no plan stands")


# ---- C: compliance --------------------------------------------------------------------------


def verdict_of(folder, archive):
    """What the checker inside says of a pack."""
    place = folder / "pack.zip"
    place.write_bytes(archive)
    (folder / "check.py").write_bytes(zipfile.ZipFile(io.BytesIO(archive)).read("check.py"))
    ran = subprocess.run([sys.executable, "-I", folder / "check.py", place], capture_output=True, text=True, check=False)
    return ran.stdout.strip().splitlines()


def c1_chain(books):
    """A chain that is broken: the header, and packs of what was before pass their check."""
    book = books.copy("c1")
    bucket, seq, record = spine.rows(
        book, "SELECT j.bucket, j.seq, j.record FROM journal AS j JOIN bucket_head AS h USING (bucket)"
        " WHERE j.kind = 'payment' AND j.seq > 2 AND j.seq < h.seq ORDER BY j.at LIMIT 1")[0]
    amount = json.loads(record)["amount"]
    change(book, "UPDATE journal SET record = ? WHERE bucket = ? AND seq = ?", record.replace(amount, "1" + amount),
           bucket, seq)
    first = f"D-{bucket}.{seq}"
    with console.serving(book) as address:
        helen = console.Console(address, "helen")
        page = helen.get("/compliance/log").form("/compliance/verify").submit()
        says(page, "C1: the header", f"The chain is broken at record {first}", "Do not repair by hand")
        says(helen.get("/compliance"), "C1: the overview too", f"The chain is broken at record {first}")
        says(helen.get("/audit"), "C1: and the page of packs", f"The chain is broken at record {first}",
             "Packs of what was written before it pass as ever")

        def told(records):
            return verdict_of(book.parent, helen.post("/audit", {"records": records}).bytes)

        check(told(f"D-{bucket}.{seq - 1}")[-1].startswith("PASS"), "C1: what was before it passes",
              told(f"D-{bucket}.{seq - 1}"))
        wrong = told(first)
        check(wrong[-1].startswith("FAIL") and any(first in line for line in wrong), "C1: what was changed does not", wrong)


def c2_role(address):
    """Whoever may not see is told who may."""
    page = console.Console(address, "vic").get("/compliance/log")
    says(page, "C2: for your role", "Your role, read only, may not read the decision log", "Who may: compliance officer.",
         status=403)
    says(console.Console(address, "omar").get("/d/999.99999"), "C2: no such record", "There is no record", status=404)


def c3_packs(books):
    """A pack that was broken is not loaded, one that was edited is told; the old ones are in force."""
    book = books.copy("c3")
    own = book.parent / "own"
    (own / "rules/us").mkdir(parents=True)
    pack = (spine.ROOT / "rules/us/co.yaml").read_text()
    with console.serving(book, flags=("--files", str(own))) as address:
        helen, ada = console.Console(address, "helen"), console.Console(address, "ada")
        before = helen.get("/rules?pack=us.co")
        check("class=\"band" not in before.text, "C3: nothing is wrong yet")
        (own / "rules/us/co.yaml").write_text(pack.replace("rules:", "rulez:", 1))
        page = helen.get("/rules?pack=us.co")
        says(page, "C3: broken", "A rule pack is not loaded", "rules/us/co.yaml", "by them this server judges")
        same(page.text.count("/rules/us.co."), before.text.count("/rules/us.co."), "C3: the old one is in force")
        health = ada.get("/admin/health")
        says(health, "D7: each failing check has its command", "1 problem", "rules/us/co.yaml", "recoup rules test")
        says(ada.get("/admin"), "D1: the task that failed, what failed, and the way to mend it",
             "rules/us/co.yaml", "To mend it: mend the file")
        (own / "rules/us/co.yaml").write_text(pack + "\n# a word more\n")
        says(helen.get("/rules"), "C3: edited", "Files of rules were changed", "us.co")
        (own / "rules/us/co.yaml").write_text("rules: [")
        ran = spine.Recoup(book).call("run", "--dry-run", "--files", str(own), "--now", LATER)
        check(ran.returncode == 5 and "rules/us/co.yaml" in ran.stderr, "C3: no run judges by it", ran.stderr)


def c4_required(address):
    """A text that misses what it must say: the line is marked, and it cannot be asked for."""
    rosa = console.Console(address, "rosa")
    page = rosa.get("/templates/en/past-due")
    text = dict(page.form("/try").fields)["text"]

    def tried(changed):
        return rosa.post("/templates/en/past-due/try", {"text": changed, "revision": "0"})

    said = tried(text.replace("{{amount}} is past", "{{amout}} is past"))
    line = text[:text.index("{{amount}} is past")].count("\n") + 1
    says(said, "D6: an unknown field has its line and the nearest name", f"Line {line}, {{{{amout}}}}",
         "There is no such value", "The nearest name is {{amount}}.")
    said = tried(text + "\n{{#nope}}")
    says(said, "D6: what cannot be read", "letters/en/past-due.md:", "is never closed")
    check("/tmp/" not in said.text, "D6: no path of the server is told")
    lacking = text.replace("{{> parts/reach-us}}", "")
    page = rosa.post("/templates/en/past-due/draft", {"text": lacking, "revision": "0"})
    says(page, "C4: the draft is kept", "Saved as a draft")
    says(page, "C4: what it misses is marked, and it cannot be asked for", "Checks of the draft", "Missing Line 1",
         "It cannot be asked for yet: 1 of the checks above is not met")
    check("Ask to publish" not in page.text, "C4: there is no button for it")
    refused = rosa.post("/templates/en/past-due/publish", {"revision": "1", "reason": "shorter"})
    says(refused, "C4: nor by hand", "The text has no place for what the law of a place wants said", status=422)
    page = rosa.post("/templates/en/past-due/draft", {"text": text.replace("Our records", "Our own records"),
                                                      "revision": "1"})
    check("Ask to publish" in page.text and page.says("Fine"), "C4: what is whole can be asked for")


def c5_due_today(books):
    """A complaint that is due today stands above the others, marked."""
    book = books.copy("c5")
    with console.serving(book) as address:
        omar, helen = console.Console(address, "omar"), console.Console(address, "helen")
        refs = [link.rsplit("/", 1)[1] for link in omar.get("/accounts").links("/accounts/")[:2]]
        for who in refs:
            omar.get("/complaints").form("/complaints").submit(account=who, words="You rang at night.", channel="letter")
        today = spine.rows(book, "SELECT MAX(received_day) FROM complaint")[0][0]
        change(book, "UPDATE complaint SET answer_day = ?, acknowledge_day = ? WHERE casefile_id ="
               " (SELECT casefile_id FROM casefile WHERE reference = ?)", today, today, refs[1])
        page = helen.get("/complaints")
        places = [page.text.index(f"/accounts/{who}") for who in refs]
        check(places[1] < places[0], "C5: what is due first is first", places)
        says(page, "C5: and says so", "today")


def c9_too_many(books):
    """More records than one pack takes: it is said how to part them, and nothing is made."""
    book = books.copy("c9")
    with sqlite3.connect(book) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(journal)")]
        names = ", ".join(columns)
        bucket, seq = db.execute("SELECT bucket, seq FROM journal WHERE kind = 'decision' ORDER BY at DESC").fetchone()
        picked = ", ".join("100000 + n" if name == "seq" else name for name in columns)
        db.execute(f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20100)"
                   f" INSERT INTO journal ({names}) SELECT {picked} FROM journal, c WHERE bucket = ? AND seq = ?",
                   (bucket, seq))
    db.close()
    with console.serving(book) as address:
        page = console.Console(address, "helen").post("/audit", {"from": "2026-11-01", "to": "2026-11-20"})
        says(page, "C9: too much for one pack", "20,000", status=422)
        check("2026-11-01" in page.text, "C9: what was typed stays")


# ---- D: the administrator -------------------------------------------------------------------


def d2_rejects(books):
    """Rows that do not fit are listed; past one in a hundred nothing is kept."""
    book = books.copy("d2")

    def settled(person, page):
        for _ in range(100):
            if not page.says("Reading"):
                break
            time.sleep(0.05)
            page = person.get(page.path)
        return page

    with console.serving(book) as address:
        rosa = console.Console(address, "rosa")
        for bad, fits in ((2, True), (3, False)):
            rows = "".join(f"V{bad}-{n},C{bad}x{n},Person {n},{'nothing' if n < bad else '100.00'},2026-10-01,2026-11-01\n"
                           for n in range(200))
            page = rosa.get("/admin/imports").form("/admin/imports").submit(
                kind="invoices", files={"file": (f"bad{bad}.csv", b"Invoice,Customer,Name,Amount,Date,Due\n" + rows.encode())})
            page = settled(rosa, page.form("/check").submit(**{
                "dates": "yyyy-mm-dd", "always.debtor.role": "first_party_creditor", "always.debt.currency": "USD",
                "always.debtor.business": "true", "column.debt.reference": "Invoice"}))
            says(page, f"D2: {bad} of 200 are listed", f"Need attention {bad}", "letter n in a number", "Line Column Value")
            kept = "SELECT COUNT(*) FROM debt WHERE reference LIKE 'V%'"
            loaded = rosa.post(page.path + "/load")
            if fits:
                settled(rosa, loaded)
                same(spine.rows(book, kept), [(198,)], "D2: up to one in a hundred the others are loaded")
                continue
            says(loaded, "D2: past that nothing is", "3 of 200 rows would be left out", "nothing was loaded", status=422)
            same(spine.rows(book, kept), [(198,)], "D2: and nothing is kept")
            form = next(f for f in loaded.forms() if f.action.endswith("/load"))
            settled(rosa, form.submit(leave_out="yes"))
            same(spine.rows(book, kept), [(198 + 197,)], "D2: unless somebody says to leave them out")


def d3_link(address):
    """Nothing is mailed: a link is shown once, to be copied; one that was used says so (P1)."""
    ada = console.Console(address, "ada")
    page = ada.get("/admin/users/new").form("/admin/users").submit(name="Nia Ode", email="nia@fairhaven.example",
                                                                   role="collector")
    says(page, "D3: the link is shown to be copied", "Shown only now", "Copy")
    link = re.search(r"/sign-in/link/\w+", page.text).group(0)
    nia = console.Console(address)
    nia.get(link).form("/sign-in/link").submit()
    says(console.Console(address).get(link), "P1: a link that was used", "This link does not work", "This one was used",
         "Ask an administrator for another", status=404)


def d6_title(address):
    """A text is called what its own first lines say, not what its file is called."""
    says(console.Console(address, "lena").get("/templates/en/introduction-germany"), "D6: its title",
         "First letter of a debt collector, Germany")


def p2_one_message(address):
    """One message, whichever was wrong; and after some tries a wait, whoever it is."""
    def tries(email):
        return console.Console(address).get("/sign-in").form("/sign-in").submit(email=email, password="wrong-wrong-wrong")

    said = []
    for email in ("vic@fairhaven.example", "nobody@fairhaven.example"):
        page = tries(email)
        said.append((page.status, title(page), re.search(r'role="alert">(.*?)</p>', page.text).group(1)))
        for _ in range(8):
            page = tries(email)
        check(page.status == 429 and page.says("Too many tries. Wait", "seconds"), "P2: then one waits", page.status)
    check(said[0] == said[1] and said[0][:2] == (422, "Error: Sign in"), "P2: nobody learns which was wrong", said)


def d1_done(books):
    """Set-up: what is done says when and by whom, as far as the book knows; at last all of it does."""
    book = books.copy("d1")
    (book.parent / "recoup.yaml").write_text("channels: {folder: out}\n")
    with console.serving(book, environment={"RECOUP_CONFIG": str(book.parent / "recoup.yaml")}) as address:
        ada = console.Console(address, "ada")
        page = ada.get("/admin")
        says(page, "D1: what is still open", "Still to say: legal name, currency.", "What is still open is marked")
        check(not page.says("by Ada Byrne"), "D1: nothing was done by anybody")
        ada.get("/admin/settings").form("/settings").submit(org="Fairhaven Receivables LLC", currency="USD")
        says(ada.get("/admin"), "D1: the organization, and who said it",
             "Name, address and how people reach you are on file. Nov 20, 2026, by Ada Byrne")
        ada.get("/admin/channels").form("/email/test").submit()
        says(ada.get("/admin"), "D1: the test", "A test arrived today, 10:10 am. Nov 20, 2026, by Ada Byrne")
        change(book, "UPDATE staff SET role = 'administrator' WHERE email LIKE 'helen@%'")
        page = ada.get("/admin")
        says(page, "D1: all done", "All done: Nov 20, 2026, by Ada Byrne.", "can let others in. Nov 20, 2026")
        check(not page.says("What is still open"), "D1: nothing is open any more")


def d4_provider(books):
    """The mail server does not answer: what waits, why, and the next try."""
    book = books.copy("d4")
    place = book.parent
    (place / "recoup.yaml").write_text("channels: {email: {smtp: 'smtp://127.0.0.1:9', tls: never, return_to: bounces@fairhaven.example}}\n")
    server = subprocess.Popen([os.path.abspath(spine.program()), "serve", "--db", str(book), "--listen", "127.0.0.1:0",
                               "--now", console.PAGES_NOW], cwd=place, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        address = server.stdout.readline().split()[2].rstrip(".")
        ada, omar = console.Console(address, "ada"), console.Console(address, "omar")
        says(ada.get("/admin/channels").form("/email/test").submit(), "D4: a test says what happened",
             "The mail server could not be used", "port 9", status=503)
        check(not ada.get("/admin/channels").says("could not be handed over"), "D4: nothing was tried yet")
        written = 0
        for (who,) in spine.rows(book, "SELECT DISTINCT c.reference FROM casefile AS c JOIN contact_point AS k"
                                 " USING (bucket, casefile_id) WHERE k.channel = 'email'"):
            page = omar.get(f"/accounts/{who}")
            form = next((f for f in page.forms() if f.action.endswith("/write")), None)
            sent = form and form.submit(words="We looked into it.", channel="email")
            written += bool(sent and sent.status == 200)
            if written == 2:
                break
        subprocess.run([os.path.abspath(spine.program()), "worker", "--until-idle", "--db", str(book), "--now", LATER],
                       cwd=place, capture_output=True, check=True)
        page = ada.get("/admin/channels")
        says(page, "D4: what waits, why, and when it is tried again", "Does not take them",
             f"{written} could not be handed over", "The mail server could not be used", "the next today, 12:05 pm",
             f"{written} waiting, the first since today, 10:10 am")
        says(ada.get("/admin/health"), "D7: so do the checks", f"{written} by email could not be handed over",
             "recoup outbox list --state ready")
        says(ada.get("/admin"), "D1: and the task", "could not be handed over", "the worker tries again by itself")
        says(omar.get("/outbox?channel=email"), "D4: and each message", "Ready from Today, 12:05 pm",
             "The mail server could not be used")
    finally:
        server.terminate()
        server.wait(15)
        server.stdout.close()


class Refusing(http.server.BaseHTTPRequestHandler):
    answer, came = 503, 0

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        Refusing.came += 1
        self.send_response(Refusing.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def d5_webhook(books):
    """A receiver that fails: its last answer stands on the page, and it can be told again."""
    book = books.copy("d5")
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    try:
        with console.serving(book) as address:
            spine.Recoup(book).must("setting", "put", "webhook_private", "yes")
            ada, lena = console.Console(address, "ada"), console.Console(address, "lena")
            adding = next(f for f in ada.get("/admin/integrations").forms() if f.action == "/admin/integrations")
            shown = adding.submit(url=f"http://127.0.0.1:{receiver.server_port}/books", events="note")
            check("whsec_" in shown.text, "D5: it is there", shown.words()[-300:])
            lena.get(lena.get("/accounts").links("/accounts/")[0]).form("/write").submit(words="for the books")
            page = None
            for _ in range(100):
                page = ada.get("/admin/integrations")
                if page.says("503"):
                    break
                time.sleep(0.1)
            says(page, "D5: the last answer", "503")
            Refusing.answer = 200
            page.form("/replay").submit()
            for _ in range(100):
                page = ada.get("/admin/integrations")
                if page.says("200 in"):
                    break
                time.sleep(0.1)
            says(page, "D5: told again, it is taken", "Taken", "200 in")
    finally:
        receiver.shutdown()
        receiver.server_close()


def titles(address):
    """Every page says in its title which it is: where two are open, and where one is read aloud."""
    pages = {
        "ada": "/admin /admin/settings /admin/users /admin/users/new /admin/users/1 /admin/roles /admin/tokens"
               " /admin/channels /admin/integrations /admin/health",
        "rosa": "/queue /accounts /promises /disputes /hardship /outbox /insights /clients /strategies /approvals /team"
                " /me /me/security /keys /templates /templates/en/past-due /admin/imports /payments /plans /offers",
        "helen": "/compliance /compliance/log /compliance/samples /compliance/results /audit /rules /rules/why /complaints"}
    for who, paths in pages.items():
        person = console.Console(address, who)
        untitled = [path for path in paths.split() if not title(person.get(path)).strip()]
        RESULTS.none(untitled, "pages without a title")


def main():
    with spine.scratch("errors") as folder:
        folder = pathlib.Path(folder)
        books = Books(folder)
        for brought_about in (a1_server_gone, a2_money_stops, a7_paper, a10_recent, b1_panel, b3_live_strategy, b3_files, b7_changed, c1_chain,
                              c3_packs, c5_due_today, c9_too_many, d1_done, d2_rejects, d4_provider, d5_webhook):
            brought_about(books)
        with console.serving(books.copy("rest")) as address:
            for looked_at in (a10_search, b5_thin, b4_problems, c2_role, c4_required, d3_link, d6_title, titles, p2_one_message):
                looked_at(address)
    return RESULTS.end()


if __name__ == "__main__":
    sys.exit(main())
