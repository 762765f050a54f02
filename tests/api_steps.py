"""Calls of the API, further ones: each is made, said again and refused as api_client.Calls does. No test
by itself; api_calls_test.py runs them."""
import base64
import json
import sqlite3
import time
import urllib.parse

import console
import spine
from api_client import Program, Session, described, token


def check_wishes(c, account):
    a = {"account": account}
    n = c.do("/accounts/{account}/addresses", {"channel": "email", "address": "new@home.example"}, **a)["number"]
    c.do("/accounts/{account}/addresses", {"channel": "email", "address": "no mailbox"}, status=422, **a)
    c.do("/accounts/{account}/addresses/{address}/bad", {"reason": "it came back"}, address=n, **a)
    points = {p["number"]: p["good"] for p in c.get("/accounts/{account}/addresses", **a)["addresses"]}
    c.results.check(points[n] is False, "it is bad", points)
    c.do("/accounts/{account}/addresses/{address}/good", {}, address=n, **a)
    c.do("/accounts/{account}/addresses/{address}/bad", {"since": "2027-01-01T00:00:00Z"}, address=n, status=422, **a)
    c.do("/accounts/{account}/addresses/{address}/good", {}, address=99, status=404, **a)
    c.do("/accounts/{account}/language", {"language": "es"}, **a)
    c.do("/accounts/{account}/language", {"language": "??"}, status=422, **a)
    c.do("/accounts/{account}/location", {"zone": "America/Denver", "place": "US-CO"}, **a)
    c.do("/accounts/{account}/location", {"place": "XX-XX"}, status=422, **a)
    c.do("/accounts/{account}/location", {}, **a)
    c.do("/accounts/{account}/needs", {"needs": "large\nprint", "payday": "the 25th"}, **a)
    facts = c.get("/accounts/{account}/facts", **a)["facts"]
    c.results.check(any("large print" in (f["detail"] or "") for f in facts), "one line", facts[:3])
    c.do("/accounts/{account}/needs", {}, **a)
    for body in ({"type": "inconvenient_time", "days": "mon, tue", "from": "12:30", "to": "14:00"},
                 {"type": "suitable_time", "from": "09:00", "to": "11:00"},
                 {"type": "attorney", "value": "A. Reyes, 555-0142", "last": "2027-12-31"},
                 {"type": "employer_prohibits"}, {"type": "military"}):
        n = c.do("/accounts/{account}/facts", body, **a)["number"]
        c.do("/accounts/{account}/facts/{fact}/end", fact=n, **a)
        c.do("/accounts/{account}/facts/{fact}/end", fact=n, status=404, **a)
    for body in ({"type": "hold"}, {"type": "attorney"}, {"type": "inconvenient_time"},
                 {"type": "inconvenient_time", "days": "someday"}, {"type": "suitable_time", "days": "mon"},
                 {"type": "inconvenient_time", "from": "14:00", "to": "12:00"},
                 {"type": "inconvenient_time", "from": "25:00", "to": "26:00"},
                 {"type": "military", "last": "2020-01-01"}):
        c.do("/accounts/{account}/facts", body, status=422, **a)


def check_ends(c, account):
    """One request says all of a call; what cannot be both is refused, and nothing of it is done."""
    a, end = {"account": account}, "/accounts/{account}/calls/end"
    number = next((p["number"] for p in c.get("/accounts/{account}/addresses", **a)["addresses"]
                   if p["channel"] == "call"), None)
    told = c.do(end, {"with": "person", "identity": "birth_date", "said": "mini_miranda", "note": "kind",
                      "address": number, "callback_at": "2026-11-24T10:00:00-06:00",
                      "promise": {"amount": "5.00", "currency": "USD", "due": "2026-12-04"},
                      "hardship": {"reason": "out of work", "last": "2026-12-10"}}, **a)
    c.results.check(told["promise"] and told["hold"] and told["dispute"] is None, "all of it was noted", told)
    whole = c.get("/accounts/{account}", **a)
    c.results.check(any(p["promise"] == told["promise"] and p["state"] == "open" for p in whole["promises"]),
                    "the promise stands", whole["promises"])
    c.do(end, {"with": "nobody", "outcome": "busy"}, **a)
    c.do(end, {"with": "voicemail", "incoming": False}, **a)
    c.do(end, {"with": "person", "identity": "postcode", "dispute": {"reason": "amount", "note": "not so"}}, **a)
    before = c.get("/accounts/{account}/contacts", **a)["contacts"]
    for body in ({"with": "nobody", "stop": True}, {"with": "cat"}, {"with": "nobody", "outcome": "conversation"},
                 {"with": "person", "outcome": "busy"}, {"with": "person", "wrong_number": True},
                 {"with": "person", "stop": True, "callback_at": "2026-11-24T10:00:00-06:00"},
                 {"with": "person", "promise": {"amount": "5.00", "currency": "USD", "due": "2026-12-04"}},
                 {"with": "somebody_else", "hardship": {"reason": "x"}},
                 {"with": "person", "identity": "postcode", "promise": {"amount": "5.00", "due": "2020-01-01"}},
                 {"with": "person", "identity": "postcode", "promise": {"due": "2026-12-04"}},
                 {"with": "person", "identity": "postcode", "promise": {"colour": "red"}},
                 {"with": "person", "identity": "postcode", "promise": 7},
                 {"with": "nobody", "address": 999}):
        value = c.do(end, body, status=422, code="value.bad", **a)
        c.results.check(value["error"]["message"], "with a sentence", body)
    c.results.check(c.get("/accounts/{account}/contacts", **a)["contacts"] == before, "nothing of this was logged")
    weak = Program("http://" + c.rosa.host.netloc, token(c.book, "weak end", "accounts", "work", user="rosa"))
    weak.keys = 900000
    c.do(end, {"with": "person", "identity": "postcode", "hardship": {"reason": "x"}}, by=weak, status=422,
         code="not-allowed", **a)
    told = c.do(end, {"with": "somebody_else", "wrong_number": True, "address": number}, **a)
    c.results.check(told["marked_bad"] is (number is not None), "the number is not rung any more", told)
    told = c.do(end, {"with": "person", "stop": True}, **a)
    c.do("/accounts/{account}/facts/{fact}/end", fact=told["stop"], **a)  # noted a moment ago, by mistake
    c.do("/accounts/{account}/opt-outs", {"channel": "email"}, **a)


def check_letters(c, account):
    a = {"account": account}
    for what in ("plan", "offer"):
        rows = c.get(f"/accounts/{{account}}/{what}s", **a)[what + "s"]
        made = c.get(f"/accounts/{{account}}/{what}s/{{{what}}}/letter", **a, **{what: rows[0][what]})
        c.results.check(base64.b64decode(made["content"])[:5] == b"%PDF-", f"the {what} on paper", made["name"])
        status, _ = c.rosa.ask("GET", f"/api/v1/accounts/{account}/{what}s/999/letter")
        c.results.check(status == 404, f"no such {what}", status)


def check_words(c, accounts):
    """What may go waits in the outbox; what may not comes with the decision."""
    sent = blocked = False
    for account in accounts[:60]:
        status, value = c.rosa.ask("POST", f"/api/v1/accounts/{account}/messages",
                                   {"channel": "email", "subject": "Your question", "words": "We looked into it."})
        if status == 201 and not sent:
            sent = True
            described(c.results, None, c.root, "post", "/api/v1/accounts/{account}/messages", status, value)
            c.do("/accounts/{account}/messages/{message}/stop", account=account, message=value["message"])
        elif status == 422 and value["error"]["code"] == "rule-blocked" and not blocked:
            blocked = True
            c.do("/accounts/{account}/messages", {"channel": "email", "words": "Again."}, status=422,
                 code="rule-blocked", account=account)
    c.results.check(sent and blocked, "some go, some do not", sent, blocked)
    for body in ({"channel": "sms", "words": "x"}, {"channel": "email", "words": "  "},
                 {"channel": "email", "words": "x" * 9000}):
        c.do("/accounts/{account}/messages", body, status=422, code="value.bad", account=accounts[0])


def check_settle(c):
    """Of one message nobody knows: somebody says."""
    one = c.get("/messages", query="?state=sent")["messages"][0]
    bucket, decision = one["message"].split(".")
    with sqlite3.connect(c.book, timeout=20) as db:
        db.execute("UPDATE outbox SET state = 'unsure' WHERE bucket = ? AND decision_seq = ?", (bucket, decision))
    by = Program("http://" + c.rosa.host.netloc, token(c.book, "settles", "accounts", "outbox", user="rosa"))
    by.keys = 910000
    c.do("/messages/{message}/settle", {"sent": True}, by=by, message=one["message"])
    c.do("/messages/{message}/settle", {"sent": True}, by=by, message=one["message"], status=409)


def check_complaints(c, account):
    a, one = {"account": account}, "/accounts/{account}/complaints/{complaint}"
    n = c.do("/accounts/{account}/complaints", {"words": "You called at night", "channel": "phone", "hold": True},
             **a)["number"]
    c.do("/accounts/{account}/complaints", {"words": "x", "channel": "pigeon"}, status=422, **a)
    listed = c.get("/complaints")["complaints"]
    c.results.check(any(r["account"] == account and r["complaint"] == n for r in listed), "it is listed", listed[:2])
    c.do(one + "/acknowledge", complaint=n, **a)
    c.do(one + "/answer", {"result": "perhaps", "text": "x"}, complaint=n, status=422, **a)
    c.do(one + "/answer", {"result": "upheld", "text": "You are right.", "cause": "a clock"}, complaint=n, **a)
    c.do(one + "/note", {"changed": "the clock"}, complaint=n, **a)
    c.do(one + "/reopen", complaint=n, **a)
    c.do(one + "/close", complaint=n, **a)
    own = c.get("/accounts/{account}/complaints", **a)["complaints"]
    c.results.check(any(r["complaint"] == n and r["state"] == "closed" for r in own), "it is closed", own)
    c.get("/complaints", query="?state=closed")


def check_crew(c):
    """People, their sessions and the keys of programs: only somebody who is signed in."""
    users = {u["name"]: u for u in c.get("/users", by=c.ada)["users"]}
    vic = next(u for u in users.values() if u["email"].startswith("vic@"))
    v = {"user": vic["user"]}

    def version():
        return c.get("/users/{user}", by=c.ada, **v)["version"]

    c.do("/users/{user}/details", {"version": vic["version"], "name": "Vic Stone", "desks": "North"}, by=c.ada, **v)
    c.do("/users/{user}/details", {"version": vic["version"], "name": "Vic"}, by=c.ada, status=409, **v)
    c.do("/users/{user}/details", {"version": version(), "name": "Vic Stone"}, by=c.ada, **v)
    c.do("/users/{user}/role", {"version": version(), "role": "collector"}, by=c.ada, **v)
    c.do("/users/{user}/role", {"version": version(), "role": "king"}, by=c.ada, status=422, **v)
    ada = next(u for u in users.values() if u["email"].startswith("ada@"))
    c.do("/users/{user}/role", {"version": ada["version"], "role": "collector"}, by=c.ada, status=422,
         code="not-allowed", user=ada["user"])
    address = "http://" + c.rosa.host.netloc
    Session(address, "vic"), Session(address, "vic")
    sessions = c.get("/users/{user}/sessions", by=c.ada, **v)["sessions"]
    c.results.check(len(sessions) == 2, "where they are signed in", sessions)
    c.do("/users/{user}/sessions/{session}/end", by=c.ada, session=sessions[0]["session"], **v)
    c.do("/users/{user}/sessions/{session}/end", by=c.ada, session=sessions[0]["session"], status=404, **v)
    c.do("/users/{user}/sessions/end", by=c.ada, **v)
    c.results.check(c.get("/users/{user}/sessions", by=c.ada, **v)["sessions"] == [], "all have ended")
    new = next(u for u in users.values() if u["email"].startswith("new@"))
    secret_once(c, "/users/{user}/link", {}, "link", user=new["user"])
    c.do("/users/{user}/link", by=c.ada, status=409, **v)
    secret_once(c, "/users/{user}/reset", {"version": version()}, "link", **v)
    check_own_sessions(c, address)
    check_tokens(c, address, vic)


def secret_once(c, template, body, name, **holes):
    """The same key again is answered with what was done, and without what opens a door."""
    path = c.path(template, holes)
    status, value = c.ada.ask("POST", path, body)
    described(c.results, None, c.root, "post", "/api/v1" + template, status, value)
    c.results.check(status == 201 and value[name], f"{path}: it is given", value)
    again = c.ada.ask("POST", path, json.dumps(body), Idempotency_Key=f"key-{c.ada.keys}")
    c.results.check(again == (status, value | {name: None}), f"{path}: once", again)
    with sqlite3.connect(c.book) as db:
        kept = db.execute("SELECT COUNT(*) FROM api_reply WHERE instr(body, ?) > 0", (value[name],)).fetchone()[0]
    c.results.check(kept == 0, f"{path}: it is kept nowhere")
    c.tried.add("POST " + template)
    return value


def check_own_sessions(c, address):
    mine, other = Session(address, "helen"), Session(address, "helen")
    mine.keys, other.keys = 920000, 930000
    listed = c.get("/me/sessions", by=mine)["sessions"]
    c.results.check(len(listed) >= 2, "my sessions", listed)
    c.do("/me/sessions/end", by=mine)
    c.results.check(other.ask("GET", "/api/v1/me")[0] == 401, "the other has ended")
    c.results.check(mine.ask("GET", "/api/v1/me")[0] == 200, "mine has not")
    was = {s["session"] for s in c.get("/me/sessions", by=mine)["sessions"]}
    third = Session(address, "helen")
    new = {s["session"] for s in c.get("/me/sessions", by=mine)["sessions"]} - was
    c.do("/me/sessions/{session}/end", by=mine, session="0" * 64, status=404)
    c.do("/me/sessions/{session}/end", by=mine, session=new.pop())
    c.results.check(third.ask("GET", "/api/v1/me")[0] == 401, "each may be ended")
    status, value = c.rosa.ask("GET", "/api/v1/me/sessions")
    c.results.check((status, value["error"]["code"]) == (422, "not-allowed"), "no token sees sessions", value)
    status, value = c.rosa.ask("POST", "/api/v1/me/sessions/end", {})
    c.results.check((status, value["error"]["code"]) == (422, "not-allowed"), "no token ends sessions", value)


def check_tokens(c, address, user):
    body = {"user": user["user"], "name": "reads", "scopes": "accounts, work", "days": 30}
    made = secret_once(c, "/tokens", body, "secret")
    c.results.check(Program(address, made["secret"]).ask("GET", "/api/v1/accounts?limit=1")[0] == 200, "it opens")
    listed = c.get("/tokens", by=c.ada, query=f"?user={user['user']}")["tokens"]
    c.results.check([t["state"] for t in listed if t["token"] == made["token"]] == ["good"], "it is listed", listed)
    for wrong in ({"scopes": "users"}, {"scopes": "approve"}, {"scopes": "review"}, {"scopes": "settings"},
                  {"scopes": "all"}, {"days": 0}, {"days": 9999}, {"name": " "}):
        c.do("/tokens", body | wrong, by=c.ada, status=422)
    c.do("/tokens", body | {"user": 9999}, by=c.ada, status=404)
    for path, sent in (("/api/v1/tokens", body), (f"/api/v1/tokens/{made['token']}/end", {})):
        status, value = c.rosa.ask("POST", path, sent)
        c.results.check((status, value["error"]["code"]) == (403, "not-permitted"), "no token makes one", value)
    strong = Program(address, token(c.book, "as ada", "users", "settings", "accounts", user="ada"))
    c.results.check(strong.ask("POST", "/api/v1/tokens", body)[0] == 403, "even one that names that scope")
    c.do("/tokens/{token}/end", by=c.ada, token=made["token"])
    c.do("/tokens/{token}/end", by=c.ada, token=made["token"], status=409)
    c.results.check(Program(address, made["secret"]).ask("GET", "/api/v1/me")[0] == 401, "it opens nothing any more")


def check_hooks(c):
    c.do("/settings/{setting}", {"value": "yes"}, by=c.ada, setting="webhook_private")
    made = secret_once(c, "/webhooks", {"url": "http://127.0.0.1:9/hook", "events": "payment note"}, "secret")
    w = {"webhook": made["webhook"]}
    c.do("/webhooks", {"url": "ftp://x"}, by=c.ada, status=422)
    c.do("/webhooks", {"url": "http://127.0.0.1:9/x", "events": "nonsense"}, by=c.ada, status=422)
    path = f"/api/v1/webhooks/{made['webhook']}/test"
    status, value = c.ada.ask("POST", path, {}, Idempotency_Key=None)
    described(c.results, None, c.root, "post", "/api/v1/webhooks/{webhook}/test", status, value)
    c.results.check(status == 200 and value["taken"] is False and value["why"], "nobody is there", value)
    c.tried.add("POST /webhooks/{webhook}/test")
    account = c.get("/accounts", query="?limit=1")["accounts"][0]["account"]
    c.rosa.ask("POST", f"/api/v1/accounts/{account}/notes", {"text": "for the webhook"})
    for _ in range(100):
        sent = [d for d in c.get("/webhook-deliveries", by=c.ada)["deliveries"] if d["webhook"] == made["webhook"]]
        if sent:
            break
        time.sleep(0.1)
    c.results.check(sent and sent[0]["kind"] == "note", "it is to be told", sent)
    c.do("/webhook-deliveries/{delivery}/replay", by=c.ada, delivery=sent[0]["delivery"])
    c.do("/webhook-deliveries/{delivery}/replay", by=c.ada, delivery="1.1.1", status=404)
    c.do("/webhooks/{webhook}/off", by=c.ada, **w)
    c.do("/webhooks/{webhook}/off", by=c.ada, status=409, **w)
    c.do("/webhooks/{webhook}/on", by=c.ada, **w)
    c.do("/webhooks/{webhook}/end", by=c.ada, **w)
    c.do("/webhooks/{webhook}/end", by=c.ada, status=404, **w)
    status, value = c.ada.ask("POST", path, {}, Idempotency_Key=None)
    c.results.check(status == 404, "it is gone", value)


def treated_badly(c, name):
    """A complaint about a strategy: one is more than the house allows itself. The figures know of it."""
    with sqlite3.connect(c.book, timeout=20) as db:
        account, = db.execute("SELECT MIN(reference) FROM casefile WHERE strategy = ?", (name,)).fetchone()
    c.do("/accounts/{account}/complaints", {"words": "You rang at night", "channel": "phone"}, account=account)
    over = spine.Recoup(c.book).json("report", "complaints", "--strategy", name, "--now", console.PAGES_NOW)
    over = over["values"][0]
    c.results.check(over["numerator"] >= 1 and over["denominator"] >= 30, "enough to judge by", over)


def check_drafts(c):
    """Of strategies and of texts: drafts, and going live, which another person agrees to."""
    by = Session("http://" + c.rosa.host.netloc, "rosa")
    by.keys = 940000
    name, text = "b2b-invoices", "past-due"
    treated_badly(c, name)
    for template, holes, comment in (("/strategies/{strategy}", {"strategy": name}, "# "),
                                     ("/texts/{language}/{text}", {"language": "en", "text": text}, None)):
        is_ = c.get(template, **holes)
        changed = comment + "a remark\n" + is_["text"] if comment else is_["text"].rstrip("\n") + " \n"
        draft = c.do(template + "/draft", {"text": changed}, by=by, **holes)
        c.do(template + "/draft", {"text": changed + "#"}, by=by, status=409, **holes)
        dropped = c.do(template + "/draft/drop", by=by, **holes)
        c.do(template + "/draft/restore", {"digest": dropped["digest"]}, by=by, **holes)
        draft = c.get(template, **holes)["draft"]
        c.do(template + "/publish", {"revision": draft["revision"] + 5}, by=by, status=409, **holes)
        refused = c.do(template + "/publish", {"revision": draft["revision"]}, by=by, status=422, code="value.bad",
                       **holes)["error"]
        c.results.check("Complaints per 10,000 contacts" in refused["message"] and "reason" in str(refused),
                        "a limit on how people are treated asks for a reason", refused)
        done = c.do(template + "/publish", {"revision": draft["revision"], "reason": "a remark"}, by=by, **holes)
        c.results.check(done["approval"], "another person is asked", done)
        c.do("/approvals/{approval}/approve", {"answer": "fine"}, by=reviewer(c), approval=done["approval"])
        versions = c.get(template + "/versions", **holes)["versions"]
        c.results.check((versions[0]["version"], versions[0]["reason"]) == (done["version"], "a remark"),
                        "it is live, with its reason", versions)
        one = c.get(template + "/versions/{version}", version=1, **holes)
        c.results.check(one["text"] == is_["text"], "what it said before")
        c.do(template + "/back", {"version": 1}, by=by, **holes)
        c.do(template + "/back", {"version": 99}, by=by, status=404, **holes)
        c.results.check(c.get(template, **holes)["text"] == is_["text"], "it is back")
    c.do("/strategies", {"name": "api-new", "from": name}, by=by)
    c.do("/strategies", {"name": name, "from": name}, by=by, status=422)
    c.results.check(c.get("/strategies/{strategy}", strategy="api-new")["version"] == 0, "a draft alone")
    c.do("/strategies/{strategy}/draft/drop", by=by, strategy="api-new")
    status, value = by.ask("POST", f"/api/v1/texts/en/{text}/try", {}, Idempotency_Key=None)
    described(c.results, None, c.root, "post", "/api/v1/texts/{language}/{text}/try", status, value)
    c.results.check(status == 200 and value["text"], "as a reader would get it", value)
    c.tried.add("POST /texts/{language}/{text}/try")


def reviewer(c):
    if not hasattr(c, "reviewer"):
        c.reviewer = Session("http://" + c.rosa.host.netloc, "helen")
        c.reviewer.keys = 950000
    return c.reviewer


def check_audit(c):
    c.do("/journal/verify", by=c.helen)
    record = c.get("/decisions", by=c.helen, query="?limit=1")["decisions"][0]["record"]
    made = c.do("/decisions/{record}/summary", by=c.helen, record=record)
    c.results.check(base64.b64decode(made["content"])[:5] == b"%PDF-", "a record on paper", made["name"])
    drawn = c.do("/samples", {"of": "decisions", "from": "2026-10-01", "to": "2026-11-20", "wanted": 5}, by=c.helen)
    c.do("/samples", {"of": "clouds", "from": "2026-10-01", "to": "2026-11-20"}, by=c.helen, status=422)
    c.get("/samples", by=c.helen)
    sample = c.get("/samples/{sample}", by=c.helen, sample=drawn["sample"])
    item = sample["items"][0]["item"]
    answers = "y" * len(sample["questions"])
    c.do("/samples/{sample}/{item}", {"answers": answers, "note": "well done"}, by=reviewer(c),
         sample=drawn["sample"], item=item)
    c.do("/samples/{sample}/{item}", {"answers": "?"}, by=reviewer(c), sample=drawn["sample"], item=item, status=422)
    c.do("/samples/{sample}/{item}", {"answers": answers}, by=c.helen, status=403, sample=drawn["sample"], item=item)


def check_figures(c):
    clients = c.get("/clients")["clients"]
    c.results.check(len(clients) > 1, "there are clients", clients)
    one = c.get("/clients/{client}", client=clients[0]["client"])
    c.results.check(one["open"] == clients[0]["open"] and "files" in one, "one of them", one)
    found, after = {}, ""
    for _ in range(200):
        page = c.get("/reports/{report}/rows", report="collected", query="?limit=7" + after)
        found |= {r["account"]: float(r["amount"]) for r in page["rows"]}
        if page["next"] is None:
            break
        after = "&after=" + urllib.parse.quote(page["next"])
    whole = c.rosa.ask("GET", "/api/v1/clients?currency=" + page["currency"])[1]["clients"]
    c.results.check(abs(sum(found.values()) - sum(float(r["collected"]) for r in whole)) < 0.005,
                    "the rows add up to the figure", sum(found.values()), [r["collected"] for r in whole])
    check_limited(c, clients)


def check_limited(c, clients):
    """Who sees one client has its figures, and no word of the others; what cannot be limited is refused."""
    with sqlite3.connect(c.book, timeout=20) as db:
        db.execute("UPDATE staff SET clients = ? WHERE email LIKE 'vic@%'", (clients[0]["client"],))
        db.execute("UPDATE staff SET role = 'read_only', state = 'active' WHERE email LIKE 'vic@%'")
    vic = Program("http://" + c.rosa.host.netloc, token(c.book, "vic", "accounts", "insights", user="vic"))
    seen = c.get("/clients", by=vic)["clients"]
    c.results.check([r["client"] for r in seen] == [clients[0]["client"]], "only theirs", seen)
    c.results.check(vic.ask("GET", "/api/v1/clients/" + urllib.parse.quote(clients[1]["client"]))[0] == 404,
                    "another is not there")
    report = c.get("/reports/{report}", by=vic, report="client")
    c.results.check(clients[1]["client"] not in json.dumps(report), "a report of theirs", report)
    mine = c.get("/reports/{report}", by=vic, report="collected")
    all_of = c.get("/reports/{report}", report="collected")
    c.results.check(mine != all_of, "its figure is theirs alone")
    c.get("/reports/{report}", by=vic, report="ageing")
    status, value = vic.ask("GET", "/api/v1/reports/activity")
    c.results.check((status, value["error"]["code"]) == (422, "not-allowed") and "all clients" in
                    value["error"]["message"], "what is counted over all is refused", value)
    with sqlite3.connect(c.book, timeout=20) as db:
        db.execute("UPDATE staff SET role = 'manager' WHERE email LIKE 'vic@%'")
    vic = Program("http://" + c.rosa.host.netloc, token(c.book, "vic 2", "import", user="vic"))
    status, value = vic.ask("GET", "/api/v1/imports")
    c.results.check((status, value["error"]["code"]) == (422, "not-allowed") and "not limited" in
                    value["error"]["message"], "files are of all clients", value)


def form(fields, file):
    """A form with a file, as programs send one."""
    bound, out = "----api-steps", b""
    for name, value in fields.items():
        out += f'--{bound}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, (of, content) in file.items():
        out += (f'--{bound}\r\nContent-Disposition: form-data; name="{name}"; filename="{of}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode() + content + b"\r\n"
    return out + f"--{bound}--\r\n".encode(), {"Content_Type": f"multipart/form-data; boundary={bound}"}


def check_files(c, account):
    """Files come as they are, as large as the console takes them; the same key again is the same file."""
    head = b"Invoice No;Customer no;Customer;Total\n"
    large = head + b"".join(b"%d;C-%d;Harbour Cafe;10,00\n" % (n, n) for n in range(200000))
    c.results.check(len(large) > 5 << 20, "a large file", len(large))
    fields = {"kind": "invoices", "creditor": "Shop"}
    body, headers = form(fields, {"content": ("large.csv", large)})
    status, value = c.rosa.ask("POST", "/api/v1/imports", body, **headers)
    described(c.results, None, c.root, "post", "/api/v1/imports", status, value)
    c.results.check(status == 201, "it came in", value)
    key = {"Idempotency_Key": f"key-{c.rosa.keys}"}
    c.results.check(c.rosa.ask("POST", "/api/v1/imports", body, **headers, **key) == (status, value), "once")
    other, headers = form(fields, {"content": ("large.csv", large + b"1;2;3;4\n")})
    again = c.rosa.ask("POST", "/api/v1/imports", other, **headers, **key)
    c.results.check((again[0], again[1]["error"]["code"]) == (409, "key-reused"), "another file", again)
    one = c.get("/imports/{import}", **{"import": value["import"]})
    c.results.check(one["bytes"] == len(large) and one["name"] == "large.csv", "byte for byte", one)
    paper = bytes(range(256)) * 16384
    for template, holes in (("/accounts/{account}/documents", {"account": account}),):
        body, headers = form({"name": "scan.pdf"}, {"content": ("x.bin", paper)})
        status, value = c.rosa.ask("POST", c.path(template, holes), body, **headers)
        c.results.check(status == 201, "a paper of 4 MiB", value)
    listed = c.get("/accounts/{account}/documents", account=account)["documents"]
    kept = next(d for d in listed if d["name"] == "scan.pdf")
    got = c.get("/accounts/{account}/documents/{document}", account=account, document=kept["document"])
    c.results.check(base64.b64decode(got["content"]) == paper, "byte for byte")
    for fields, file in (({"kind": "invoices", "colour": "red"}, {"content": ("a.csv", head)}),
                         ({"kind": "invoices"}, {"other": ("a.csv", head)}), ({"kind": "invoices"}, {}),
                         ({}, {"content": ("a.csv", head)})):
        body, headers = form(fields, file)
        status, value = c.rosa.ask("POST", "/api/v1/imports", body, **headers)
        c.results.check((status, value["error"]["code"]) == (422, "value.bad"), "a form that is none", value)
    body, headers = form({"name": "x"}, {"content": ("x.bin", b"y" * (11 << 20))})
    status, value = c.rosa.ask("POST", f"/api/v1/accounts/{account}/documents", body, **headers)
    c.results.check((status, value["error"]["code"]) == (422, "value.bad"), "a paper of 11 MiB", value)
    status, value = c.rosa.ask("POST", f"/api/v1/accounts/{account}/notes", *form({"text": "x"}, {})[:1],
                               **form({}, {})[1])
    c.results.check((status, value["error"]["code"]) == (415, "not-json"), "others take JSON only", value)
    n = c.do("/accounts/{account}/hardship", {"reason": "ill"}, account=account)["number"]
    c.do("/accounts/{account}/hardship/{hold}/papers",
         {"name": "note.txt", "content": base64.b64encode(b"from a doctor").decode()}, account=account, hold=n)


def check_balance(c, account):
    debt = c.get("/accounts/{account}", account=account)["debts"][0]["debt"]
    c.do("/accounts/{account}/balance-checked", {"debt": debt, "checked": "x"}, by=reviewer(c), status=200,
         account=account)  # no file says another: there is nothing to settle
    c.do("/accounts/{account}/balance-checked", {"debt": "none-such", "checked": "x"}, by=reviewer(c), status=404,
         account=account)


def check_all(c, plain, accounts):
    check_letters(c, plain[0])
    check_wishes(c, plain[5])
    check_ends(c, plain[3])
    check_words(c, accounts)
    check_settle(c)
    check_complaints(c, plain[5])
    check_files(c, plain[5])
    check_balance(c, plain[5])
    check_hooks(c)
    check_drafts(c)
    check_audit(c)
    check_figures(c)
    check_crew(c)
