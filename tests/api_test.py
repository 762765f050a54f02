#!/usr/bin/env python3
"""The API, as a program uses it: what its description says is what it gives; writes happen once; what
is wrong is refused by name and changes nothing."""
import json
import sys
import urllib.parse

import console
import spine
from api_client import Program, described, journal, token

def check_reads(results, api, root, accounts):
    first = accounts[0]
    may = api.ask("GET", "/api/v1/me")[1]["may"]
    record = api.ask("GET", f"/api/v1/accounts/{first}/timeline")[1]["timeline"][0]["record"]
    for path, operations in root["paths"].items():
        holes = path.count("{") - path.count("{account}") - path.count("{record}")
        if "get" not in operations or path.endswith(("openapi.json", "/me/sessions")) or holes > 0 or not may.get(
                operations["get"].get("x-permission", "accounts")):
            continue  # the others are asked in api_calls_test.py
        for account in accounts[:25] if "{account}" in path else [first]:
            status, value = api.ask("GET", path.replace("{account}", urllib.parse.quote(account))
                                    .replace("{record}", record))
            nothing = path.endswith("plan-options") and "Nothing is open" in json.dumps(value)
            results.check(status == (422 if nothing else 200), f"{path} of {account}", json.dumps(value)[:300])
            described(results, api, root, "get", path, status, value)
    status, value = api.ask("GET", "/api/v1/accounts/none-such")
    results.check((status, value["error"]["code"]) == (404, "not-found"), "no such account", value)
    described(results, api, root, "get", "/api/v1/accounts/{account}", status, value)


def all_accounts(results, api):
    """Page by page; each once, in order."""
    found, after = [], ""
    for _ in range(100):
        status, page = api.ask("GET", "/api/v1/accounts?limit=37" + (f"&after={after}" if after else ""))
        found += [row["account"] for row in page["accounts"]]
        if page["next"] is None:
            break
        after = urllib.parse.quote(page["next"])
    results.check(len(found) == len(set(found)) == 120, "every account comes once", len(found))
    for bad in ("limit=0", "limit=201", "limit=x", "order=name"):
        status, value = api.ask("GET", f"/api/v1/accounts?{bad}")
        results.check(status == 422, f"?{bad} is refused", value)
    return found


WRITES = {
    "payments": {"payment": "API-1", "amount": "10.00", "received": "2026-11-19"},
    "promises": {"amount": "5.00", "due": "2026-12-04", "note": "by phone"},
    "contacts": {"channel": "call", "outcome": "no_answer"},
    "holds": {"kind": "review", "reason": "looked into", "last": "2026-12-01"},
    "disputes": {"reason": "amount", "note": "not what was agreed"},
    "notes": {"text": "Prefers mornings."},
    "opt-outs": {"channel": "sms"},
}


def check_writes(results, api, root, book, account):
    debt = api.ask("GET", f"/api/v1/accounts/{account}")[1]["debts"][0]["debt"]
    for name, body in WRITES.items():
        body = body | {"debt": debt} if name == "disputes" else body
        template = f"/api/v1/accounts/{{account}}/{name}"
        path = template.replace("{account}", account)
        status, value = api.ask("POST", path, body)
        if status == 422 and "currency" in value["error"]["message"]:
            status, value = api.ask("POST", path, body | {"currency": "USD"})
        results.check(status == 201, f"{name} are written", json.dumps(value))
        described(results, api, root, "post", template, status, value)
        before = journal(book)
        key = f"key-{api.keys}"
        again = api.ask("POST", path, json.dumps(body), Idempotency_Key=key)
        results.check(again == (status, value), f"the same key again is answered the same ({name})", again)
        results.check(journal(book) == before, f"and writes nothing ({name})")
        status, value = api.ask("POST", path, body | {list(body)[-1]: "other"}, Idempotency_Key=key)
        results.check(status == 409, f"the same key for another thing is refused ({name})", value)
        status, value = api.ask("POST", path, body | {"colour": "red"})
        results.check(status == 422 and "colour" in value["error"]["message"], f"no such field ({name})", value)
        described(results, api, root, "post", template, status, value)
        needed = root["paths"][template]["post"]["requestBody"]["content"]["application/json"]["schema"][
            "required"]
        for field in needed:
            status, value = api.ask("POST", path, {k: v for k, v in body.items() if k != field})
            results.check(status == 422 and field in value["error"]["message"], f"{name} needs {field}", value)
        for field in body:
            status, value = api.ask("POST", path, body | {field: 17})
            results.check(status == 422, f"{name}.{field} is no number", value)
        results.check(journal(book) == before, f"nothing of this wrote anything ({name})")


def check_strangers(results, address, api, weak, account):
    nobody = Program(address, None)
    results.check(nobody.ask("GET", "/api/v1/me")[0] == 401, "without a token")
    results.check(Program(address, "recoup_" + "0" * 64).ask("GET", "/api/v1/me")[0] == 401, "a made-up token")
    results.check(nobody.ask("GET", "/api/v1/openapi.json")[0] == 200, "the description is for everybody")
    status, value = weak.ask("POST", f"/api/v1/accounts/{account}/notes", {"text": "x"})
    results.check((status, value["error"]["code"]) == (403, "not-permitted"), "a scope that it has not", value)
    results.check(weak.ask("GET", f"/api/v1/accounts/{account}")[0] == 200, "a scope that it has")
    note = f"/api/v1/accounts/{account}/notes"
    for what, status, sent in (
            ("no key", 422, {"Idempotency_Key": None}), ("a long key", 422, {"Idempotency_Key": "k" * 300}),
            ("no JSON", 415, {"Content_Type": "text/plain"})):
        results.check(api.ask("POST", note, {"text": "x"}, **sent)[0] == status, what)
    for what, body in (("half of it", '{"text": "x"'), ("a list", "[]"), ("nothing", ""),
                       ("twice the same", '{"text": "x", "text": "y"}'), ("a null", '{"text": null}')):
        status, value = api.ask("POST", note, body)
        results.check(status == 422 and value["error"]["message"], f"{what} is refused", value)
    results.check(api.ask("DELETE", note)[0] == 405, "a method that is not there")
    results.check(api.ask("GET", "/api/v2/me")[0] == 404, "an address that is not there")


def check_use_noted(results, book, address, account):
    """Who only reads leaves a note, too: a token that nobody uses can be taken back."""
    reader = Program(address, token(book, "reader", "accounts"))
    path = f"/api/v1/accounts/{account}"
    for _ in range(20):  # left out while somebody else writes: the next one notes it
        results.check(reader.ask("GET", path)[0] == 200, "it reads")
        used = {row["name"]: row["used_at"]
                for row in json.loads(spine.Recoup(book).call("token", "list", "--json").stdout)["tokens"]}
        if used["reader"] is not None:
            break
    results.check(used["reader"] is not None, "it is noted that the token was used", used)


def main():
    results = spine.Results("api")
    with spine.scratch("api") as folder:
        book = console.demo(folder, 120)
        strong = token(book, "all", "accounts", "work", "agree", "hold", "dispute", "pay",
                       "insights", "rules", "import", user="rosa")
        with console.serving(book) as address:
            reference = spine.rows(book, "SELECT reference FROM casefile LIMIT 1")[0][0]
            check_use_noted(results, book, address, reference)
            api = Program(address, strong)
            weak = Program(address, token(book, "weak", "accounts"))
            root = api.ask("GET", "/api/v1/openapi.json")[1]
            results.check(root["openapi"] == "3.1.0" and len(root["paths"]) > 10, "there is a description")
            accounts = all_accounts(results, api)
            check_reads(results, api, root, accounts)
            plain = next(a for a in accounts  # one currency: amounts need not say which
                         if len(api.ask("GET", f"/api/v1/accounts/{a}")[1]["balances"]) == 1)
            check_writes(results, api, root, book, plain)
            check_strangers(results, address, api, weak, plain)
        proof = spine.Recoup(book).call("prove", "--now", console.PAGES_NOW)
        results.check(proof.returncode == 0, "the book is sound", proof.stdout[-500:], proof.stderr[-300:])
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
