#!/usr/bin/env python3
"""The packs of the American states say what ../shared/law/us-states.toml says (RECOUP_SHARED names
another folder), and there is one for every state, the District of Columbia and New York City.

The table is the other source: what it says of years, hours and counts is turned into situations here,
and `recoup rules judge` must answer them by the rule that cites what the table cites.
"""
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import zoneinfo

import spine

TABLE = spine.SHARED / "law" / "us-states.toml"
CODES = """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM
NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC""".split()
CONTRACTS = ["written", "oral", "note", "open", "consumer_credit"]
TODAY = datetime.date(2026, 3, 10)

# What the table has and no pack can, with the reason.
LEFT_OUT = {
    ("US-MA", "209 CMR 18.17(6)"): "a visit is no contact that the program makes",
}
# Which contact a medium of the table is.
CHANNEL = {"call": "call", "email": "email", "conversation": "call", "any": "call",
           "any form, manner or place": "call"}
# An entry of the table without such a rule of its own: the id that speaks of it.
SPEAKS_OF = {
    ("US-NC", "tbd_disclosure"): "us.nc.debt_buyer_suit",  # a bar on suing, not a disclosure
}


def pack_of(code):
    return "us.ny.nyc" if code == "US-NY-NYC" else "us." + code[3:].lower()


def prefix_of(code):
    return "us." + code.split("-")[-1].lower()


def cite_of(entry):
    """The first authority, without what the table says of it."""
    return re.split(r"[;,]| as amended| and | written| \(", entry["cite"])[0].strip()


def moment(day, clock, zone):
    at = datetime.datetime.combine(day, clock, zoneinfo.ZoneInfo(zone))
    return at.isoformat()


class Questions:
    """Situations for one run of `rules judge`, each with what is claimed about its findings."""

    def __init__(self):
        self.lines, self.claims = [], []

    def ask(self, code, place, at, cite, passes, what, *, channel="call", role=None, relation=None,
            debt=None, debts=None, facts=(), history=(), **proposed):
        debts = debts or [{"id": "D1", "kind": "credit_card", **(debt or {})}]
        person = {"id": "P1", "relation": relation or "consumer",
                  "zones": place["iana_time_zones"][:1]}
        self.lines.append(json.dumps({
            "id": what, "packs": [pack_of(code)],
            "actor": {"role": role or "third_party_collector"},
            "debts": debts, "person": person, "facts": list(facts), "history": list(history),
            "proposed": {"at": at, "channel": channel, "to": "P1",
                         "debts": [one["id"] for one in debts], **proposed}}))
        self.claims.append((cite, passes, f"{code}: {what}"))

    def check(self, results):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "questions.jsonl"
            path.write_text("\n".join(self.lines) + "\n")
            run = subprocess.run([spine.CHECKED, "rules", "judge", path], capture_output=True,
                                 text=True, check=False)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        results.check(len(answers) == len(self.lines), "every question is answered", run.stderr)
        for answer, (cite, passes, what) in zip(answers, self.claims):
            found = [f for f in answer.get("rules", []) if cite in f["cite"]]
            right = found and passes == all(f["ruling"] == "allow" for f in found)
            results.check(right, what, cite, json.dumps(answer)[:400])


def ask_years(questions, code, place):
    """In time on the anniversary, not a day later; and not known where the table leaves it out."""
    noon, zone = datetime.time(12), place["iana_time_zones"][0]
    for contract in CONTRACTS:
        years = place["sol"].get(contract)
        debt = {"contract": contract, "due": str(TODAY.replace(year=TODAY.year - (years or 1)))}
        for day, passes in ((TODAY, years is not None),
                            (TODAY + datetime.timedelta(days=1), False)):
            for role in ("first_party_creditor", "third_party_collector", "debt_buyer"):
                questions.ask(code, place, moment(day, noon, zone), "", passes,
                              f"{contract}, asked by a {role} on {day}", channel="court_filing",
                              role=role, debt=debt | {"kind": "other"})


def ask_hours(questions, code, place):
    entry, zone, day = place["contact_hours"], place["iana_time_zones"][0], datetime.date(2026, 6, 9)
    second = datetime.timedelta(seconds=1)
    for clock, inside, step in ((entry["start"], True, -second), (entry["end"], False, -second)):
        at = datetime.datetime.combine(day, datetime.time.fromisoformat(clock),
                                       zoneinfo.ZoneInfo(zone))
        for when, passes in ((at, inside), (at + step, not inside)):
            questions.ask(code, place, when.isoformat(), cite_of(entry), passes,
                          f"a call at {when.time()}")


def ask_disclosure(questions, code, place):
    """Who asks for money on a debt that is too old says so; one such debt among several is enough."""
    old = {"contract": "open", "due": "2001-03-10"} if "sol" in place else {"sol_expired": True}
    at, cite = "2026-11-10T12:00:00-05:00", cite_of(place["tbd_disclosure"])
    for debts in ([{"id": "D1", **old}], [{"id": "D1"}, {"id": "D2", **old}]):
        for said in (False, True):
            questions.ask(code, place, at, cite, said, f"{len(debts)} debts, disclosed: {said}",
                          channel="letter", role="debt_buyer", debts=debts,
                          content={"tbd_disclosure": said})


def number_kind(entry):
    where = entry.get("place", "") + (" wireless" if "wireless" in entry["per"] else "")
    if re.search(r"employment|other", where) and "residence or" not in where:
        return "work_landline"
    return "cell" if where else "home_landline"


def ask_frequency(questions, code, place, entry):
    """One below the most passes; the most on the window's first day does not, a day before it does."""
    zone, days = place["iana_time_zones"][0], entry["window_days"]
    day = max(datetime.date(2026, 6, 30), entry.get("from", TODAY) + datetime.timedelta(days=60))
    day = min(day, entry.get("to", day))
    who = entry["applies_to"]
    channel = CHANNEL[entry["media"][0]]
    number = {} if channel == "email" else {"number": "+12025550101",
                                            "number_kind": number_kind(entry)}
    more = {"role": "first_party_creditor" if who.startswith("creditors") else None,
            "relation": "household_member" if "household members" in who else None}
    purpose = {"purpose": "consent_request"} if "seeking consent" in who else {}
    outcome = "conversation" if entry["media"] == ["conversation"] else "voicemail"
    first = day - datetime.timedelta(days=days - 1)

    def history(count, on):
        return [{"at": moment(on, datetime.time(9, n), zone), "channel": channel, "direction": "out",
                 "to": "P1", "debts": ["D1"], "outcome": outcome if channel == "call" else "sent",
                 **number, **purpose} for n in range(count)]

    for count, on, passes in ((entry["max"] - 1, first, True), (entry["max"], first, False),
                              (entry["max"], first - datetime.timedelta(days=1), True)):
        consent = [{"type": "consent", "given_to": "collector", "at": "2026-01-01",
                    "what": "email about the debt"}] if channel == "email" and not purpose else []
        questions.ask(code, place, moment(day, datetime.time(10), zone), cite_of(entry), passes,
                      f"{cite_of(entry)}: {count} earlier on {on}", channel=channel, facts=consent,
                      history=history(count, on), **more, **number, **purpose)


def rules_listed():
    out = subprocess.run([spine.CHECKED, "rules", "list"], capture_output=True, text=True,
                         check=True).stdout
    rows = [line.split("\t") for line in out.splitlines() if line.count("\t") >= 4]
    head, rows = rows[0], rows[1:]
    rule, cite, pack = head.index("rule"), head.index("citation"), head.index("pack")
    return [(row[pack], row[rule], row[cite]) for row in rows]


def check_rules(results, listed, code, place):
    """Each kind of entry has its rule, which cites the authority of the table."""
    kinds = {"tbd_disclosure": "tbd_disclosure", "licence_number_disclosure": "licence_number",
             "licence_statement": "licence_statement", "electronic": "electronic_consent",
             "first_party_covered": "coverage", "contact_hours": "hours", "sol": "limitation"}
    for key, name in kinds.items():
        entry = place.get(key)
        if entry is None or "no general" in entry.get("cite", ""):
            continue
        wanted = SPEAKS_OF.get((code, key), f"{prefix_of(code)}.{name}")
        cites = [cite for pack, rule, cite in listed if pack == pack_of(code) and rule == wanted]
        results.check(any(cite_of(entry) in cite for cite in cites),
                      f"{code}: {wanted} cites {cite_of(entry)}", *cites)
    if place.get("expiry_extinguishes"):
        results.check((pack_of(code), f"{prefix_of(code)}.extinguished_debt") in
                      [(pack, rule) for pack, rule, cite in listed],
                      f"{code}: an extinguished debt is not asked for")


def check_table(results, listed):
    table = tomllib.loads(TABLE.read_text())["j"]
    questions = Questions()
    results.check(set(table) == {f"US-{code}" for code in CODES} | {"US-NY-NYC"},
                  "the table speaks of the same places", sorted(table))
    for code, place in table.items():
        check_rules(results, listed, code, place)
        if "sol" in place:
            ask_years(questions, code, place)
        if "contact_hours" in place:
            ask_hours(questions, code, place)
        if "tbd_disclosure" in place and (code, "tbd_disclosure") not in SPEAKS_OF:
            ask_disclosure(questions, code, place)
        for entry in place.get("call_frequency", []):
            if (code, entry["cite"]) not in LEFT_OUT:
                ask_frequency(questions, code, place, entry)
    questions.check(results)


def main():
    results = spine.Results("states")
    listed = rules_listed()
    for code in CODES:
        wanted = (f"us.{code.lower()}", f"us.{code.lower()}.limitation")
        results.check(wanted in [(pack, rule) for pack, rule, cite in listed],
                      f"US-{code} has a pack, and the pack says how long one may sue")
    if TABLE.exists():
        check_table(results, listed)
    else:
        print(f"SKIP the table of the states: there is no {TABLE} (set RECOUP_SHARED)")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
