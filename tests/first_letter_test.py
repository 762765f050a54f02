#!/usr/bin/env python3
"""The first letter to people in Germany, from a placement file to the post: it says what the law
asks for, or it is not sent and the outbox says what is missing."""
import csv
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

import spine

MAP = pathlib.Path(__file__).resolve().parent / "maps" / "placed-germany.yaml"
NOW = "2026-11-23T09:00:00Z"  # a Monday
AUTHORITY = "Aufsichtsamt, Windrosenweg 1, 10117 Berlin, post@aufsicht.example"
COLUMNS = "who,language,no,about,placed,day,contract,client,rate,from,fees for".split(",")
USUAL = {"language": "de", "about": "Kartenvertrag", "placed": "500.00", "day": "2026-03-02",
         "contract": "2025-01-14", "client": "Hafenweg 8, 20095 Hamburg"}
PEOPLE = [
    {"who": "Ada Lane", "no": "A-1"},
    {"who": "Ben Moor", "no": "B-1", "language": "en"},
    {"who": "Cy Reed", "no": "C-1", "contract": ""},
    {"who": "Dee Holt", "no": "D-1", "about": ""},
    {"who": "Eva Marsh", "no": "E-1", "rate": "6.27", "from": "2026-04-01",
     "fees for": "zwei Mahnschreiben"},
    {"who": "Flo Brook", "no": "F-1"},
    {"who": "Gus Hill", "no": "G-1"},
    {"who": "Hal Dunn", "no": "H-1", "rate": "viel", "from": "2026-04-01"},
]
# There is no command that charges them: what another program would have written.
CHARGES = {"eva-marsh": (("interest", 812), ("fees", 1500)), "flo-brook": (("interest", 812),),
           "gus-hill": (("costs", 1500),), "hal-dunn": (("interest", 812),)}


def book(folder, authority):
    spine.in_folder(folder, "init", "--name", "first", "--org", "Fairhaven Inkasso", "--no-input")
    for name, value in (("address", "Alte Gasse 14|10117 Berlin"), ("country", "DE"),
                        ("email", "hilfe@fairhaven.example"), ("zone", "Europe/Berlin")):
        spine.in_folder(folder, "setting", "put", name, value)
    if authority:
        spine.in_folder(folder, "setting", "put", "supervisory_authority", authority)
    pathlib.Path(folder, "recoup.yaml").write_text("channels: {folder: sent}\n")
    with open(os.path.join(folder, "placed.csv"), "w", newline="") as out:
        rows = csv.DictWriter(out, COLUMNS)
        rows.writeheader()
        rows.writerows({**USUAL, **person} for person in PEOPLE)
    spine.in_folder(folder, "import", "accounts", "placed.csv", "--map", str(MAP), "-y", "--now",
           "2026-11-22T09:00:00Z")
    return sqlite3.connect(os.path.join(folder, "recoup.db"))


def charge(folder, db):
    for who, charges in CHARGES.items():
        debt, = db.execute("SELECT d.reference FROM debt AS d JOIN casefile AS c USING (bucket, "
                           "casefile_id) WHERE c.reference = ?", (who,)).fetchone()
        for component, minor in charges:
            spine.in_folder(folder, "charge", "add", who, "--debt", debt, "--component", component,
                            "--amount", f"{minor / 100:.2f}", "--law", "BGB § 288", "--now", NOW)


def sent(folder, db):
    spine.in_folder(folder, "run", "--now", NOW)
    spine.in_folder(folder, "worker", "--until-idle", "--now", NOW)
    rows = db.execute(
        "SELECT c.reference, o.template, o.state, o.state_reason, m.message_key FROM outbox AS o "
        "JOIN casefile AS c USING (bucket, casefile_id) LEFT JOIN message AS m USING (bucket, "
        "casefile_id, outbox_no)").fetchall()
    return {row[0]: row for row in rows}


def text_of(folder, rows, who):
    row = rows.get(who)
    if row is None or row[2] != "sent":
        return ""
    done = subprocess.run(["pdftotext", "-raw", os.path.join(folder, "sent", row[4] + ".pdf"), "-"],
                          capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", done.stdout)


def check_letters(folder, check):
    with book(folder, AUTHORITY) as db:
        before = spine.in_folder(folder, "contact", "check", "ada-lane", "--channel", "letter", "--now", NOW)
        check("the panel says what the cycle does", "letter\tallowed" in before)
        charge(folder, db)
        rows = sent(folder, db)
    check("each of them is written to",
          len(rows) == len(PEOPLE) and {row[1] for row in rows.values()} ==
          {"introduction-germany"})
    for who, words in (
            ("ada-lane", ["Vertrag mit Harvest Bank, Hafenweg 8, 20095 Hamburg.",
                          "A-1, Kartenvertrag, Vertrag vom 14.01.2025 500,00 €",
                          "Zinsen: keine Zinsen 0,00 €", "Kosten: keine Kosten 0,00 €",
                          "Sie können widersprechen,", AUTHORITY]),
            ("ben-moor", ["B-1, Kartenvertrag, contract of 14 January 2025 €500.00",
                          "Interest: no interest €0.00", "You can dispute it,", AUTHORITY]),
            ("eva-marsh", ["Zinsen: 6,27 % im Jahr auf 500,00 € seit dem 01.04.2026 8,12 €",
                           "Kosten: zwei Mahnschreiben 15,00 €", "523,12 €"])):
        text = text_of(folder, rows, who)
        for said in words:
            check("%s reads: %s" % (who, said), said in text)
    for who, words in (("cy-reed", "needs the date of its contract"),
                       ("dee-holt", "needs what the contract is about"),
                       ("flo-brook", "needs the rate of its interest"),
                       ("gus-hill", "needs what its fees are for"),
                       ("hal-dunn", 'the interest_rate "viel"')):
        row = rows.get(who)
        check("%s gets nothing: %s" % (who, words),
              row and row[2] == "failed" and words in row[3])


def check_no_authority(folder, check):
    with book(folder, None) as db:
        rows = sent(folder, db)
    check("without the authority nothing is sent",
          rows and all(row[2] == "failed" and "the setting supervisory_authority" in row[3]
                       for row in rows.values()))


def check_demo(folder, check):
    spine.in_folder(folder, "demo", "--accounts", "400", "--no-serve", "--now", "2026-11-20T16:00:00Z")
    with sqlite3.connect(os.path.join(folder, "demo-data", "recoup.db")) as db:
        states = db.execute("SELECT DISTINCT state FROM outbox WHERE template = "
                            "'introduction-germany'").fetchall()
        blocked = db.execute("SELECT COUNT(*) FROM casefile WHERE standing_rule = "
                             "'de.rdg.first_letter'").fetchone()[0]
    check("the demo sends it", states == [("sent",)])
    check("no account of the demo waits for it", blocked == 0)


def main():
    results = spine.Results("first letter")

    def check(name, fine):
        results.check(fine, name)

    for part in (check_letters, check_no_authority, check_demo):
        with tempfile.TemporaryDirectory() as folder:
            part(folder, check)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
