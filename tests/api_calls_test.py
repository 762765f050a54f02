#!/usr/bin/env python3
"""Every call of the API, as programs and people use it: each write is made, said again with its key
and refused with that key for another thing; what the gate blocks comes with its decision; lists are
walked while rows are added; and every code of an error is met."""
import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.parse

import console
import spine
import api_steps
from api_client import Calls, Program, described

FILE = ("Invoice No;Customer no;Customer;Country;E-mail;Invoice Date;Due Date;Total\n"
        "1001;C-7;Harbour Cafe GmbH;DE;office@harbour.example;03.02.2026;17.02.2026;1.250,00\n"
        "1002;C-8;Mill & Sons Ltd;GB;mill@sons.example;04.02.2026;18.02.2026;4O,00\n")
CHOICE = {"dates": "dd.mm.yyyy", "decimal": ",", "grouping": ".", "fields": {
    "debtor.reference": {"column": "Customer no"}, "debtor.name": {"column": "Customer"},
    "debtor.country": {"column": "Country"}, "debtor.email": {"column": "E-mail"},
    "debtor.business": {"always": "true"}, "debtor.role": {"always": "first_party_creditor"},
    "debt.reference": {"column": "Invoice No"}, "debt.invoice_day": {"column": "Invoice Date"},
    "debt.due_day": {"column": "Due Date"}, "debt.amount": {"column": "Total"},
    "debt.currency": {"always": "EUR"}}}

SITUATION = {"packs": ["house"], "actor": {"role": "first_party_creditor"},
             "person": {"zones": ["Europe/Berlin"]}, "debts": [{"id": "D1", "kind": "invoice"}],
             "facts": [], "history": [],
             "proposed": {"at": "2026-06-09T22:00:00+02:00", "channel": "sms", "to": "P1",
                          "debts": ["D1"]}}


def debtors(c):
    """Accounts of one currency with something open and nothing that stands in the way."""
    found = []
    for row in c.get("/accounts", query="?limit=200")["accounts"]:
        if row["currency"] != "USD" or float(row["past_due"] or 0) < 50 or row["standing"] in (
                "disputed", "promised", "held"):
            continue
        whole = c.get("/accounts/{account}", account=row["account"])
        debt = next((d["debt"] for d in whole["debts"] if float(d["open"]) > 45), None)
        if len(whole["balances"]) == 1 and debt is not None:
            found.append((row["account"], debt))
    return found


def check_refund_agreed(c, account):
    """More than a collector gives back alone waits for somebody else."""
    a = {"account": account, "payment": "P-2"}
    refund = "/accounts/{account}/payments/{payment}/refund"
    c.do(refund, {"amount": "10.00", "currency": "EUR"}, status=422, **a)
    for what in ("decline", "approve"):
        asked = c.do(refund, {"amount": "75.00", "reason": "paid twice"}, by=c.omar, **a)
        c.results.check((asked["change"], asked["number"]) == ("asked", None) and
                        "can approve it" in asked["why"], "it says that it waits", asked)
        c.do(refund, {"amount": "76.00"}, by=c.omar, status=409, **a)
        one = str(asked["approval"])
        row = next(x for x in c.get("/approvals", by=c.lena)["approvals"] if x["approval"] == one)
        c.results.check((row["kind"], row["account"], row["may"]) == ("refund", account, True),
                        "it is listed for who may", row)
        c.do("/approvals/{approval}/" + what, {"answer": "seen"}, by=c.lena, approval=one)
    rows = [x for x in c.get("/accounts/{account}/payments", account=account)["payments"]
            if x["payment"] == "P-2"]
    c.results.check(rows[0]["refunded"] == "85.00", "one was given back, one was not", rows)


def check_waiver_agreed(c, account, debt):
    """A collector lets no more go by a token than on a page."""
    fees = {"component": "fees", "debt": debt}
    c.do("/accounts/{account}/charges", fees | {"kind": "charge", "amount": "80.00", "clause": "8.2"}, account=account)
    asked = c.do("/accounts/{account}/charges", fees | {"kind": "waive", "amount": "70.00", "reason": "our mistake"},
                 by=c.omar, account=account)
    c.results.check((asked["change"], asked["number"]) == ("asked", None), "a waiver beyond one's limit waits", asked)
    c.do("/approvals/{approval}/approve", {"answer": "seen"}, by=c.lena, approval=str(asked["approval"]))


def check_money(c, account, debt, other):
    a = {"account": account}
    check_waiver_agreed(c, account, debt)
    c.do("/accounts/{account}/payments", {"payment": "P-1", "amount": "3.00"}, **a)
    c.do("/accounts/{account}/payments/{payment}/back", {"end": "returned", "reason": "R01"},
         payment="P-1", **a)
    c.do("/accounts/{account}/payments", {"payment": "P-2", "amount": "99999.00"}, **a)
    c.do("/accounts/{account}/payments/{payment}/refund", {"amount": "10.00"}, payment="P-2", **a)
    check_refund_agreed(c, account)
    c.do("/accounts/{account}/payments/{payment}/move", {"to": other}, payment="P-2", status=409, **a)
    c.do("/accounts/{account}/payments", {"payment": "P-3", "amount": "2.00"}, **a)
    c.do("/accounts/{account}/payments/{payment}/move", {"to": other, "reason": "theirs"}, payment="P-3", **a)
    charge = {"kind": "charge", "component": "fees", "debt": debt, "amount": "12.00", "clause": "8.2"}
    made = c.do("/accounts/{account}/charges", charge, **a)
    c.do("/accounts/{account}/charges", {k: v for k, v in charge.items() if k != "clause"}, status=422, **a)
    c.do("/accounts/{account}/charges/{movement}/undo", movement=made["number"], **a)
    rows = c.get("/accounts/{account}/charges", **a)["charges"]
    c.results.check(any(r["number"] == made["number"] for r in rows), "the charge is listed", rows[:3])
    kept = c.do("/accounts/{account}/statements", {"to": "2026-11-19"}, **a)
    c.results.check(c.get("/accounts/{account}/statements", **a)["statements"][0]["statement"] ==
                    kept["number"], "the statement is listed")


def check_agreed(c, account, debt):
    a = {"account": account}
    made = c.do("/accounts/{account}/promises", {"amount": "5.00", "due": "2026-12-04"}, **a)
    c.do("/accounts/{account}/promises/{promise}/withdraw", {"reason": "typed wrongly"},
         promise=made["number"], **a)
    options = c.get("/accounts/{account}/plan-options", query="?months=3", **a)["options"]
    c.results.check(options.get("plans"), "there are plans that would do", options)
    said = {"agreed_by": "phone", "evidence": "recording 7"}
    c.do("/accounts/{account}/plans", said, status=422, **a)
    number = c.do("/accounts/{account}/plans", said | {"choice": 1, "frozen": True}, **a)["number"]
    p = a | {"plan": number}
    plan = c.get("/accounts/{account}/plans/{plan}", **p)
    c.do("/accounts/{account}/plans/{plan}/pause", {"until": "2027-01-20", "if_version": 99}, status=409, **p)
    c.do("/accounts/{account}/plans/{plan}/pause", {"until": "2027-01-20", "if_version": plan["version"]}, **p)
    c.do("/accounts/{account}/plans/{plan}/resume", **p)
    item = next(i for i in c.get("/accounts/{account}/plans/{plan}", **p)["items"] if i["state"] == "open")
    day = item["due"][:8] + ("11" if item["due"][8:] != "11" else "12")
    c.do("/accounts/{account}/plans/{plan}/move", {"item": item["item"], "to": day}, **p)
    c.do("/accounts/{account}/plans/{plan}/skip", {"item": item["item"]}, **p)
    c.do("/accounts/{account}/plans/{plan}/change", {}, status=422, **p)
    c.do("/accounts/{account}/plans/{plan}/change", {"payments": 4}, **p)
    c.do("/accounts/{account}/plans/{plan}/cancel", {"reason": "cannot"}, **p)
    c.results.check(c.get("/accounts/{account}/plans/{plan}", **p)["state"] == "cancelled", "it ended")
    asked = c.do("/accounts/{account}/plans", said | {"months": 40}, by=c.omar, **a)
    c.results.check((asked["change"], asked["number"]) == ("asked", None) and "can approve it" in asked["why"],
                    "a plan beyond one's limit waits", asked)
    c.do("/approvals/{approval}/decline", {"answer": "too long"}, by=c.lena, approval=str(asked["approval"]))
    c.do("/accounts/{account}/plans", said | {"months": 600}, by=c.omar, status=422, **a)
    c.get("/accounts/{account}/plans", **a)
    one = "/accounts/{account}/offers/{offer}"
    n = c.do("/accounts/{account}/offers", {"percent": 5, "debt": debt}, **a)["number"]
    c.results.check(c.get(one, offer=n, **a)["state"] == "open", "within authority it is open")
    c.do(one + "/accept", said, offer=n, **a)
    plan = c.get(one, offer=n, **a)["plan"]
    c.do("/accounts/{account}/plans/{plan}/cancel", plan=plan, **a)
    n = c.do("/accounts/{account}/offers", {"percent": 5, "by": "them", "debt": debt}, **a)["number"]
    c.do(one + "/decline", {"reason": "too little"}, offer=n, **a)
    n = c.do("/accounts/{account}/offers", {"percent": 6, "debt": debt}, **a)["number"]
    c.do(one + "/withdraw", {"reason": "a mistake"}, offer=n, **a)
    c.get("/accounts/{account}/offers", **a)


def waiting_offer(c, account, debt):
    for percent in (15, 20, 25, 30, 35, 40, 45):
        status, value = c.omar.ask("POST", f"/api/v1/accounts/{account}/offers",
                                   {"percent": percent, "debt": debt, "reason": "hard times"})
        if status == 201 and value["state"] == "waiting_approval":
            return value
        if status == 201:
            c.omar.ask("POST", f"/api/v1/accounts/{account}/offers/{value['number']}/withdraw", {})
    c.results.check(False, "an offer waits for approval", value)
    return value


def check_approvals(c, account, debt):
    a = {"account": account}
    offer = waiting_offer(c, account, debt)["number"]
    c.do("/accounts/{account}/offers/{offer}/approve", {}, offer=offer, status=403, code="not-permitted", **a)
    c.do("/accounts/{account}/offers/{offer}/approve", {"reason": "fine"}, by=c.lena, offer=offer, **a)
    c.rosa.ask("POST", f"/api/v1/accounts/{account}/offers/{offer}/withdraw", {})
    for what in ("approve", "decline", "withdraw"):
        waiting_offer(c, account, debt)
        listed = c.get("/approvals", by=c.lena)["approvals"]
        mine = [x for x in listed if x["account"] == account]
        c.results.check(len(mine) == 1 and mine[0]["may"], "it is listed for who may", listed)
        one = mine[0]["approval"]
        c.do("/approvals/{approval}/approve", by=c.rosa, approval=one, status=422, code="not-allowed")
        if what == "decline":
            c.do("/approvals/{approval}/decline", by=c.lena, approval=one, status=422)
        by = c.omar if what == "withdraw" else c.lena
        c.do("/approvals/{approval}/" + what, {} if what == "withdraw" else {"answer": "as asked"},
             by=by, approval=one)
        for row in c.get("/accounts/{account}/offers", **a)["offers"]:
            if row["state"] == "open":
                c.rosa.ask("POST", f"/api/v1/accounts/{account}/offers/{row['offer']}/withdraw", {})


def check_disputes(c, account, debt):
    a = {"account": account}
    n = c.do("/accounts/{account}/disputes", {"reason": "amount", "debt": debt, "amount": "20.00"}, **a)["number"]
    d = a | {"dispute": n}
    paper = {"name": "bill.txt", "content": base64.b64encode(b"theirs").decode()}
    c.do("/accounts/{account}/disputes/{dispute}/papers", paper, **d)
    c.do("/accounts/{account}/disputes/{dispute}/papers", paper | {"content": "?"}, status=422, **d)
    c.do("/accounts/{account}/disputes/{dispute}/answer", {"result": "perhaps", "text": "x"}, status=422, **d)
    c.do("/accounts/{account}/disputes/{dispute}/answer",
         {"result": "partly_upheld", "text": "half of it", "amount": "10.00", "proof": "2026-11-18"}, **d)
    c.results.check(c.get("/accounts/{account}/disputes/{dispute}", **d)["corrected"] == "10.00", "corrected")
    c.do("/accounts/{account}/disputes/{dispute}/reopen", **d)
    c.do("/accounts/{account}/disputes/{dispute}/withdraw", {"reason": "they found it"}, **d)
    c.get("/accounts/{account}/disputes", **a)
    n = c.do("/accounts/{account}/hardship", {"reason": "out of work"}, **a)["number"]
    n = c.do("/accounts/{account}/hardship/{hold}/decide",
             {"result": "pause", "last": "2026-12-31", "note": "agreed"}, hold=n, **a)["number"]
    c.results.check(any(h["hold"] == n for h in c.get("/accounts/{account}/holds", **a)["holds"]), "it stands")
    c.do("/accounts/{account}/hardship/{hold}/decide", {"result": "close"}, hold=n, **a)
    n = c.do("/accounts/{account}/holds", {"kind": "review", "last": "2026-12-01"}, **a)["number"]
    c.do("/accounts/{account}/holds/{hold}/lift", {"reason": "looked into"}, hold=n, **a)
    c.do("/accounts/{account}/holds/{hold}/lift", hold=n, status=404, code="not-found", **a)


def check_file(c, account):
    a = {"account": account}
    n = c.do("/accounts/{account}/notes", {"text": "Prefers mornings."}, **a)["number"]
    c.do("/accounts/{account}/notes/{note}/withdraw", note=n, **a)
    c.results.check(c.get("/accounts/{account}/notes", **a)["notes"][0]["withdrawn_at"], "it was taken back")
    paper = {"name": "letter.txt", "content": base64.b64encode(b"bytes \x00 of it").decode()}
    c.do("/accounts/{account}/documents", paper, **a)
    listed = c.get("/accounts/{account}/documents", **a)["documents"]
    for kind in {d["kind"] for d in listed}:
        one = next(d for d in listed if d["kind"] == kind and d["bytes"] > 0)
        kept = c.get("/accounts/{account}/documents/{document}", document=one["document"], **a)
        c.results.check(kept["content"], f"the bytes of a {kind}")
        c.results.check(kind != "paper" or kept["content"] == paper["content"], "byte for byte")
    c.do("/accounts/{account}/contacts", {"channel": "call", "outcome": "no_answer", "with": "nobody"}, **a)
    c.do("/accounts/{account}/consents", {"channel": "email"}, **a)
    c.do("/accounts/{account}/preferences", {"channel": "letter"}, **a)
    c.do("/accounts/{account}/callbacks", {"at": "2026-11-23T10:00:00-06:00"}, **a)
    c.do("/accounts/{account}/callbacks", {"at": "2026-11-01T10:00:00-06:00"}, status=422, code="value.bad", **a)
    c.do("/accounts/{account}/opt-outs", {"channel": "sms"}, **a)
    point = c.get("/accounts/{account}/addresses", **a)["addresses"][0]
    whole = c.do("/accounts/{account}/addresses/{address}/open", address=point["number"], **a)
    c.results.check(point["hint"].replace("…", "")[-4:] in whole["address"] or point["channel"] == "letter",
                    "the hint is a part of it", point, whole)


def check_tasks(c):
    one = next(t for t in c.get("/queue")["tasks"] if t["assigned"] is None)
    c.get("/queue", query=f"?kind={one['kind']}&order=oldest&who=nobody")
    t = {"account": one["account"], "task": one["task"]}
    of = "/accounts/{account}/tasks/{task}"
    c.do(of + "/take", **t)
    mine = c.get("/queue", query="?who=mine")["tasks"]
    c.results.check([x["task"] for x in mine if x["account"] == one["account"]] == [one["task"]], "it is mine", mine)
    c.do(of + "/assign", {"to": "omar@fairhaven.example"}, **t)
    c.do(of + "/assign", {"to": "nobody@fairhaven.example"}, status=422, **t)
    c.do(of + "/free", **t)
    c.do(of + "/snooze", {"until": "2026-11-21T09:00:00-06:00"}, **t)
    c.do(of + "/snooze", {"until": "2025-11-21T09:00:00-06:00"}, status=422, **t)
    c.do(of + "/done", {"reason": "rang them"}, **t)
    c.do(of + "/done", {}, status=409, code="conflict", **t)
    c.do(of + "/reopen", **t)
    c.do(of + "/drop", {"reason": "nothing to do"}, **t)
    c.get("/accounts/{account}/tasks", account=one["account"])


def check_calls(c, accounts):
    """Whom the rules let be rung has a number; whom they do not comes with the decision."""
    allowed = blocked = None
    for account in accounts:
        channels = c.rosa.ask("GET", f"/api/v1/accounts/{account}/channels")[1]["channels"]
        call = next((x for x in channels if x["channel"] == "call"), None)
        if call and call["ruling"] == "allow":
            allowed = allowed or account
        elif call and call["rule"]:
            blocked = blocked or (account, call)
    c.results.check(allowed and blocked, "the demo has both", allowed, blocked)
    begun = c.do("/accounts/{account}/calls", account=allowed)
    c.do("/accounts/{account}/calls/{call}/drop", account=allowed, call=begun["call"])
    account, call = blocked
    value = c.do("/accounts/{account}/calls", account=account, status=422, code="rule-blocked")
    error = value["error"]
    c.results.check(error.get("rule") == call["rule"] and error["citation"] == call["citation"],
                    "with the rule that decides", error.get("rule"), call)
    number = error["decision"]["decision"]
    told = spine.Recoup(c.book).json("explain", number)
    c.results.check(told["record"] == error["decision"]["record"] and told["kind"] == error["decision"]["kind"],
                    "the decision is that of recoup explain", told, error["decision"])
    page = c.lena.person.get("/d/" + number[2:] + "/json")
    c.results.check(json.loads(page.text) == error["decision"], "and that of the page")
    c.get("/decisions/{record}", record=number)
    now = spine.Recoup(c.book).call("explain", account, "--channel", "call", "--json", "--now", console.PAGES_NOW)
    explained = c.get("/accounts/{account}/explanation", query="?channel=call", account=account)["explanation"]
    c.results.check(json.loads(now.stdout)["channels"] == explained["channels"], "explained as by the command")
    rules = [f["rule"] for f in explained["channels"][0]["findings"]]
    c.results.check(error["rule"] in rules, "and it says the same", rules)
    shown = c.lena.person.get(error["link"])
    c.results.check(shown.status == 200, "the link leads to the rule", shown.status)


def check_rules(c):
    rules = c.get("/rules", query="?limit=200")["rules"]
    one = c.get("/rules/{rule}", rule=rules[0]["rule"])
    c.results.check(one["written"], "a rule is shown as it is written")
    c.get("/strategies")
    case = {"situation": {"packs": ["no-such-pack"]}}
    status, value = c.rosa.ask("POST", "/api/v1/judge", case)
    c.results.check(status == 422, "a pack that is not there", value)
    situation = SITUATION
    status, value = c.rosa.ask("POST", "/api/v1/judge", {"situation": situation}, Idempotency_Key=None)
    described(c.results, None, c.root, "post", "/api/v1/judge", status, value)
    c.results.check(status == 200 and value["verdict"]["ruling"], "a situation is judged without a key", value)
    c.tried.add("POST /judge")
    for name in ("ageing", "kpi", "flow", "client"):
        told = spine.Recoup(c.book).call("report", name, "--json", "--now", console.PAGES_NOW)
        status, value = c.rosa.ask("GET", f"/api/v1/reports/{name}")
        if told.returncode == 3:
            c.results.check(status == 404, f"no report {name}", value)
            continue
        described(c.results, None, c.root, "get", "/api/v1/reports/{report}", status, value)
        c.results.check(status == 200 and value["report"] == json.loads(told.stdout),
                        f"report {name} says what the command says", json.dumps(value)[:200])
    c.tried.add("GET /reports/{report}")
    found = c.get("/search", query="?q=" + urllib.parse.quote(c.get("/accounts")["accounts"][0]["account"]))
    c.results.check(found["found"] and found["found"][0]["exact"], "it is found", found)


def check_house(c):
    users = c.get("/users", by=c.ada)["users"]
    c.results.check(c.rosa.ask("GET", "/api/v1/users")[0] == 403, "no token may see users")
    c.get("/users/{user}", by=c.ada, user=users[0]["user"])
    made = c.do("/users", {"email": "new@fairhaven.example", "name": "New One", "role": "collector"}, by=c.ada)
    user = c.get("/users/{user}", by=c.ada, user=made["user"])
    c.do("/users/{user}/disable", {"version": user["version"]}, by=c.ada, user=made["user"])
    c.do("/users/{user}/enable", {"version": user["version"]}, by=c.ada, user=made["user"], status=409)
    version = c.get("/users/{user}", by=c.ada, user=made["user"])["version"]
    c.do("/users/{user}/enable", {"version": version}, by=c.ada, user=made["user"])
    c.get("/roles")
    c.do("/settings/{setting}", {"value": "21"}, by=c.ada, setting="dispute_answer_days")
    c.do("/settings/{setting}", {"value": "soon"}, by=c.ada, setting="dispute_answer_days", status=422)
    c.do("/settings/{setting}", {"value": "x"}, by=c.ada, setting="secret", status=404)
    values = {s["setting"]: s["value"] for s in c.get("/settings", by=c.ada)["settings"]}
    c.results.check(values["dispute_answer_days"] == "21" and "secret" not in values, "it is set", values)
    c.get("/webhooks", by=c.ada)
    c.results.check(c.ada.ask("POST", "/api/v1/settings/name", {"value": "x"}, X_CSRF_Token="0" * 64)[0] == 401,
                    "a session writes only from a page of ours")


def import_read(c, number):
    """The import once nothing is being read any more."""
    for _ in range(200):
        one = c.get("/imports/{import}", **{"import": number})
        if one["state"] not in ("checking", "loading"):
            break
        time.sleep(0.05)
    return one


def check_imports(c):
    n = c.do("/imports", {"name": "shop.csv", "kind": "invoices", "content": FILE, "creditor": "Shop"})["import"]
    c.do("/imports/{import}/load", status=422, **{"import": n})
    c.do("/imports/{import}/check", {"choice": {"map": "../x"}}, status=422, **{"import": n})
    for what, body in (("check", {"choice": CHOICE}), ("load", {"leave_out": True})):
        if what == "load":
            c.do("/imports/{import}/load", {}, status=422, code="file.rejects", **{"import": n})
        c.do("/imports/{import}/" + what, body, **{"import": n})
        one = import_read(c, n)
        c.results.check(one["state"] == what + "ed" and one["report"]["added"] == 1, f"{what}ed", one)
    c.results.check("4O,00" in c.get("/imports/{import}/rejects", **{"import": n})["content"], "what was not taken")
    n = c.do("/imports", {"name": "more.csv", "kind": "invoices", "content": FILE})["import"]
    c.do("/imports/{import}/load", {}, status=422, code="value.bad", **{"import": n})  # how it is read is only proposed
    c.do("/imports/{import}/check", {"choice": CHOICE}, **{"import": n})
    import_read(c, n)
    with sqlite3.connect(c.book) as db:  # as a server that ends meanwhile leaves it
        db.execute("UPDATE intake SET state = 'failed', report = NULL, rejects = NULL WHERE intake_no = ?", (n,))
    c.do("/imports/{import}/load", {}, **{"import": n})
    one = import_read(c, n)
    c.results.check(one["state"] == "failed" and "would be left out" in one["report"]["fault"] and one["rejects"],
                    "without a check it is refused as it is read", one)
    c.results.check("4O,00" in c.get("/imports/{import}/rejects", **{"import": n})["content"], "its rows are written down")
    c.do("/imports/{import}/drop", **{"import": n})


def check_log(c, account):
    c.results.check(c.get("/decisions", by=c.helen, query="?view=records&limit=5")["next"], "there are more")
    pack = c.do("/evidence-packs", {"account": account, "redact": True}, by=c.helen)
    c.results.check(base64.b64decode(pack["content"])[:2] == b"PK" and pack["records"] > 0, "a zip", pack["file"])
    c.do("/evidence-packs", {}, by=c.helen, status=422)
    ready = c.get("/messages", query="?state=ready")["messages"]
    one = ready[0]
    c.get("/messages/{message}", message=one["message"])
    c.do("/accounts/{account}/messages/{message}/stop", {"reason": "not today"}, account=one["account"],
         message=one["number"])
    sent = c.get("/messages", query="?state=sent")["messages"][0]
    c.do("/accounts/{account}/messages/{message}/stop", account=sent["account"], message=sent["number"],
         status=409)
    c.do("/messages/{message}/again", message=sent["message"], status=409)  # it arrived; write_test.py has the others
    c.get("/accounts/{account}/decisions", account=account)


def walked(c, template, name, id_of, by=None, between=None, query="", **holes):
    """Page by page, while rows are added: what was there is met once."""
    found, after, pages = [], "", 0
    while pages < 400:
        path = Calls.path(template, holes) + "?limit=7" + query + (f"&after={after}" if after else "")
        status, value = (by or c.rosa).ask("GET", path)
        if status != 200:
            c.results.check(False, f"a page of {path}", value)
            break
        found += [id_of(row) for row in value[name]]
        if value["next"] is None:
            break
        after, pages = urllib.parse.quote(value["next"]), pages + 1
        if between:
            between(pages)
    return found


def check_walks(c, accounts):
    added = [0]

    def add(page):
        account = accounts[(page * 7) % len(accounts)]
        added[0] += 1
        c.rosa.ask("POST", f"/api/v1/accounts/{account}/payments",
                   {"payment": f"W-{added[0]}", "amount": "0.01", "currency": "USD"})
        c.rosa.ask("POST", f"/api/v1/accounts/{account}/notes", {"text": f"walk {added[0]}"})

    with sqlite3.connect(c.book) as db:
        expected = {
            "payments": db.execute("SELECT c.reference, p.payment_no FROM payment p JOIN casefile c USING"
                                   " (bucket, casefile_id)").fetchall(),
            "promises": db.execute("SELECT c.reference, p.promise_no FROM promise p JOIN casefile c USING"
                                   " (bucket, casefile_id)").fetchall(),
            "plans": db.execute("SELECT c.reference, p.plan_no FROM plan p JOIN casefile c USING"
                                " (bucket, casefile_id)").fetchall(),
            "offers": db.execute("SELECT c.reference, p.offer_no FROM offer p JOIN casefile c USING"
                                 " (bucket, casefile_id)").fetchall(),
            "disputes": db.execute("SELECT c.reference, p.dispute_no FROM dispute p JOIN casefile c USING"
                                   " (bucket, casefile_id)").fetchall(),
        }
        messages = db.execute("SELECT bucket || '.' || decision_seq FROM outbox").fetchall()
        records = db.execute("SELECT 'D-' || bucket || '.' || seq FROM journal").fetchall()
    numbers = {"payments": "number", "promises": "promise", "plans": "plan", "offers": "offer",
               "disputes": "dispute"}
    for name, number in numbers.items():
        found = walked(c, f"/{name}", name, lambda r, n=number: (r["account"], r[n]), between=add)
        c.results.check(len(found) == len(set(found)), f"{name}: each comes once", len(found), len(set(found)))
        missing = set(expected[name]) - set(found)
        c.results.check(not missing, f"{name}: all that were there come", *list(missing)[:3])
    for name, key, all_of, by, query in (
            ("messages", "message", messages, None, ""),
            ("decisions", "record", records, c.helen, "&view=records&from=2020-01-01&to=2026-11-20")):
        found = walked(c, f"/{name}", name, lambda r, k=key: r[k], by=by, between=add, query=query)
        missing = {row[0] for row in all_of} - set(found)
        c.results.check(len(found) == len(set(found)), f"{name}: each comes once", len(found))
        c.results.check(not missing, f"{name}: all that were there come", len(missing), *list(missing)[:3])
    rules = walked(c, "/rules", "rules", lambda r: (r["pack"], r["rule"], r["from"], r["citation"]))
    c.results.check(len(rules) > 100, "every rule", len(rules))
    queue = walked(c, "/queue", "tasks", lambda r: (r["account"], r["task"]))
    c.results.check(queue and len(queue) == len(set(queue)), "every task once", queue)
    notes = walked(c, "/accounts/{account}/notes", "notes", lambda r: r["note"], account=accounts[7])
    c.results.check(len(notes) == len(set(notes)), "every note once", notes)


def check_errors(c, address, account):
    note = f"/api/v1/accounts/{account}/notes"
    big = json.dumps({"text": "x" * (2 << 20)})
    for status, asked in (
            (401, Program(address, None).ask("GET", "/api/v1/me")), (403, c.omar.ask("POST", note, {"text": "x"})),
            (404, c.rosa.ask("GET", "/api/v1/accounts/none")), (405, c.rosa.ask("DELETE", note)),
            (413, c.rosa.ask("POST", note, big)),
            (415, c.rosa.ask("POST", note, "text", Content_Type="text/plain")),
            (422, c.rosa.ask("POST", note, {"colour": "red"}))):
        c.results.check(asked[0] == status, f"{status}", asked)
        c.codes.add(asked[1]["error"]["code"])
    for path in ("/queue?kind=x", "/queue?who=x", "/queue?order=closing", "/queue?after=1", "/promises?after=x",
                 "/decisions?after=1", "/messages?after=x", "/rules?after=x", "/imports?after=x",
                 f"/accounts/{account}/notes?after=x", f"/accounts/{account}/timeline?after=x",
                 f"/accounts/{account}/contacts?after=x", f"/accounts/{account}/plan-options?months=x",
                 "/reports/kpi?from=x", "/reports/kpi?currency=XXQ"):
        by = c.helen if path.startswith("/decisions") else c.rosa
        status, value = by.ask("GET", "/api/v1" + path)
        c.results.check(status == 422 and value["error"]["message"], f"{path} is refused", status, value)


def check_guide(c, address):
    """The commands of docs/api.md, run."""
    guide = spine.ROOT.joinpath("docs/api.md").read_text()
    known = c.get("/accounts")["accounts"][0]["account"]
    for block in re.findall(r"```sh\n(curl.*?)```", guide, re.S):
        words = block.replace("http://127.0.0.1:8080", address).replace("FH-20418", known)
        ran = subprocess.run(["bash", "-c", words.replace("curl ", "curl -s ", 1)], capture_output=True, text=True,
                             check=False, env=os.environ | {"TOKEN": c.rosa.token})
        c.results.check(ran.returncode == 0 and ran.stdout and "error" not in json.loads(ran.stdout),
                        f"the guide: {block.strip()}", ran.stdout[:300], ran.stderr[:300])


def main():
    results = spine.Results("api calls")
    with spine.scratch("api-calls") as folder:
        book = console.demo(folder, 120)
        with console.serving(book) as address:
            root = Program(address, None).ask("GET", "/api/v1/openapi.json")[1]
            c = Calls(results, book, address, root)
            plain = debtors(c)
            results.check(len(plain) >= 6, "the demo has accounts to work with", plain)
            rows = c.get("/accounts", query="?limit=200")["accounts"]
            accounts = [r["account"] for r in rows]
            check_calls(c, [r["account"] for r in rows if r["currency"]])
            check_tasks(c)
            check_agreed(c, *plain[0][:2])
            check_approvals(c, *plain[1][:2])
            check_disputes(c, *plain[2][:2])
            check_file(c, plain[3][0])
            check_money(c, *plain[4][:2], plain[5][0])
            check_rules(c)
            check_house(c)
            check_imports(c)
            check_log(c, plain[0][0])
            api_steps.check_all(c, [p for p, _ in plain], [r["account"] for r in rows if r["currency"] == "USD"])
            check_walks(c, accounts)
            check_errors(c, address, plain[0][0])
            check_guide(c, address)
        with console.serving(book, flags=("--read-only",)) as address:
            status, value = Program(address, c.rosa.token).ask(
                "POST", f"/api/v1/accounts/{plain[0][0]}/notes", {"text": "x"})
            results.check((status, value["error"]["code"]) == (403, "read-only"), "a server that only shows", value)
            c.codes.add(value["error"]["code"])
        wanted = {"POST " + p[7:] for p, o in root["paths"].items() if "post" in o}
        wanted.remove("POST /channels/email/test")  # in api_errors_test.py, with a mail server
        results.check(not wanted - c.tried, "every write is tried", *sorted(wanted - c.tried))
        proof = spine.Recoup(book).call("prove", "--now", console.PAGES_NOW)
        results.check(proof.returncode == 0, "the book is sound", proof.stdout[-500:], proof.stderr[-300:])
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
