#!/usr/bin/env python3
"""The validation notice, from a placement file to the post: its lines lead from one amount to the
other, its dates are counted here again, and its sending is a fact of the debt, once."""
import csv
import datetime
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

import spine

MAP = pathlib.Path(__file__).resolve().parent / "maps" / "placed.yaml"
NOW = "2026-12-21T16:00:00Z"  # a Monday: Christmas Day and New Year's Day lie before the end
COLUMNS = ("who,role,creditor,state,no,placed,day,account,since,then,was,interest,fees,payments,"
           "credits").split(",")
USUAL = {"role": "third_party_collector", "creditor": "Harvest Bank", "state": "US-OH",
         "placed": "500.00", "day": "2026-03-02"}
PEOPLE = [
    {"who": "Ada Lane", "no": "A-1"},
    {"who": "Ben Moor", "no": "B-1", "account": "ending in 4471", "since": "2026-01-31",
     "then": "First Harvest", "was": "450.00", "interest": "31.50", "fees": "25.00",
     "payments": "6.25", "credits": "0.25"},
    {"who": "Cy Reed", "no": "C-1", "was": "450.00", "interest": "31.50"},
    {"who": "Dee Holt", "no": "D-1", "role": "debt_buyer"},
    {"who": "Eva Marsh", "no": "E-1", "role": "debt_buyer", "creditor": "us"},
    {"who": "Flo Brook", "no": "F-1", "since": "2027-01-01"},
    {"who": "Gus Hill", "no": "G-1", "state": "US-TN"},
]


def last_day(sent):
    """Five days that are neither at the weekend nor these holidays, then thirty."""
    off = {datetime.date(2026, 12, 25), datetime.date(2027, 1, 1), datetime.date(2026, 11, 26)}
    day, counted = sent, 0
    while counted < 5:
        day += datetime.timedelta(1)
        counted += day.weekday() < 5 and day not in off
    return day + datetime.timedelta(30)


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True,
                          check=True)
    return re.sub(r"\s+", " ", done.stdout)


def sums_of(text):
    """The five amounts of each notice in the text, in cents."""
    found = re.findall(r"you owed: \$([\d,.]+) .*?interest: \+ \$([\d,.]+) .*?fees: \+ \$([\d,.]+) "
                       r".*?toward the debt: − \$([\d,.]+) .*?debt now \$([\d,.]+)", text)
    return [[int(re.sub(r"[,.]", "", amount)) for amount in one] for one in found]


def placed(folder):
    with open(os.path.join(folder, "placed.csv"), "w", newline="") as out:
        rows = csv.DictWriter(out, COLUMNS)
        rows.writeheader()
        rows.writerows({**USUAL, **person} for person in PEOPLE)
    return json.loads(spine.in_folder(folder, "import", "accounts", "placed.csv", "--map", str(MAP), "-y",
                             "--now", "2026-12-20T16:00:00Z", "--json"))


def small_book(folder, check):
    spine.in_folder(folder, "init", "--name", "notice", "--org", "Fairhaven Recovery", "--no-input")
    for name, value in (("address", "14 Larkspur Lane|Madison, WI 53703"), ("country", "US"),
                        ("email", "help@fairhaven.example"), ("zone", "America/New_York")):
        spine.in_folder(folder, "setting", "put", name, value)
    pathlib.Path(folder, "recoup.yaml").write_text("channels: {folder: sent}\n")
    check("all rows are taken", placed(folder)["added"] == len(PEOPLE))
    check("the same file again changes nothing", placed(folder)["unchanged"] == len(PEOPLE))
    spine.in_folder(folder, "run", "--now", NOW)
    spine.in_folder(folder, "worker", "--until-idle", "--now", NOW)
    with sqlite3.connect(os.path.join(folder, "recoup.db")) as db:
        rows = db.execute(
            "SELECT c.reference, o.template, o.state, o.state_reason, m.message_key FROM outbox AS "
            "o JOIN casefile AS c USING (bucket, casefile_id) LEFT JOIN message AS m USING "
            "(bucket, casefile_id, outbox_no)").fetchall()
        facts = db.execute("SELECT c.reference, f.debt_no > 0, f.detail FROM fact AS f JOIN casefile "
                           "AS c USING (bucket, casefile_id) WHERE f.type = 'validation'").fetchall()
    return {row[0]: row for row in rows}, facts


def check_small(folder, check):
    rows, facts = small_book(folder, check)
    sent = pathlib.Path(folder, "sent")

    def letter(who):
        row = rows.get(who)
        check("%s gets the notice" % who, row and row[1:3] == ("validation-notice", "sent"))
        return text_of(sent / (row[4] + ".pdf")) if row and row[2] == "sent" else ""

    ada, ben, dee = letter("ada-lane"), letter("ben-moor"), letter("dee-holt")
    check("Ada: what the ledger knows", sums_of(ada) == [[50000, 0, 0, 0, 50000]])
    check("Ada: the day of the transaction", "As of March 2, 2026, you owed:" in ada)
    check("Ada: her number", "Harvest Bank with account number A-1." in ada)
    check("Ben: what the creditor says", sums_of(ben) == [[45000, 3150, 2500, 650, 50000]])
    check("Ben: of another day, creditor and number",
          "As of January 31, 2026" in ben and "with First Harvest with account number ending in "
          "4471." in ben and "a debt that you owe to Harvest Bank." in ben)
    check("Dee: she owes it to the buyer", "a debt that you owe to Fairhaven Recovery." in dee and
          "with Harvest Bank with account number D-1." in dee)
    end = last_day(datetime.date(2026, 12, 21))
    check("the end of the period is printed",
          ada.count("by January 28, 2027") == 3 and end == datetime.date(2027, 1, 28))
    for who, words in (("cy-reed", "does not add up"), ("eva-marsh", "needs the creditor on 2026"),
                       ("flo-brook", "in the future")):
        row = rows.get(who)
        check("%s gets nothing: %s" % (who, words),
              row and row[2] == "failed" and words in row[3])
    check("it is a fact of each debt, once",
          sorted(facts) == [(who, 1, "provided=2026-12-21\nend_date=%s\nmethod=mail" % end)
                            for who in ("ada-lane", "ben-moor", "dee-holt", "gus-hill")])
    return letter("gus-hill")


def check_demo(folder, check):
    spine.in_folder(folder, "demo", "--accounts", "400", "--no-serve", "--now", "2026-11-20T16:00:00Z")
    data = pathlib.Path(folder, "demo-data")
    with sqlite3.connect(data / "recoup.db") as db:
        rows = db.execute("SELECT m.message_key, o.debts FROM outbox AS o JOIN message AS m USING "
                          "(bucket, casefile_id, outbox_no) WHERE o.template = 'validation-notice' "
                          "AND o.state = 'sent'").fetchall()
        facts = db.execute("SELECT COUNT(*) FROM fact WHERE type = 'validation' AND "
                           "source = 'sent'").fetchone()[0]
    debts = 0
    for key, numbers in rows:
        text = text_of(data / "outbox" / (key + ".pdf"))
        sums = sums_of(text)
        debts += len(numbers.split(","))
        check("%s: a page for each debt" % key, len(sums) == len(numbers.split(",")))
        check("%s: the lines add up" % key,
              all(then + interest + fees - paid == now for then, interest, fees, paid, now in sums))
        check("%s: until December 30" % key, "by December 30, 2026, to dispute" in text)
    check("there are notices, and as many facts as debts", len(rows) > 10 and facts == debts)
    check("that is the end", last_day(datetime.date(2026, 11, 20)) == datetime.date(2026, 12, 30))


def main():
    results = spine.Results("notice")

    def check(name, fine):
        results.check(fine, name)

    with tempfile.TemporaryDirectory() as folder:
        gus = check_small(folder, check)
        check("what Tennessee wants said stands on the back",
              gus.index("See reverse side") < gus.index("Page 1") < gus.index("Tennessee"))
    with tempfile.TemporaryDirectory() as folder:
        check_demo(folder, check)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
