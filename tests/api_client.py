"""A program that speaks to the API, and what its description says of a reply. No test by itself."""
import hashlib
import http.client
import json
import re
import secrets
import sqlite3
import urllib.parse

import console

TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict,
         "null": type(None)}


def wrong(value, schema, where, root):
    """What of a value is not as its schema says (the keywords that ours has)."""
    if "$ref" in schema:
        schema = root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, TYPES[k]) and not (k == "integer" and isinstance(value, bool))
                         for k in kinds):
        return [f"{where} is {value!r}, not {kinds}"]
    found = []
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where} is {value!r}, not {schema['pattern']}")
    if isinstance(value, str) and schema.get("format") == "date" and not re.fullmatch(
            r"\d{4}-\d\d-\d\d", value):
        found.append(f"{where} is {value!r}, no day")
    if isinstance(value, str) and schema.get("format") == "date-time" and not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
        found.append(f"{where} is {value!r}, no moment")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{where}.{key} is missing" for key in schema.get("required", []) if key not in value]
        if schema.get("additionalProperties") is False:
            found += [f"{where}.{key} is not described" for key in value if key not in known]
        for key, inner in value.items():
            if key in known:
                found += wrong(inner, known[key], f"{where}.{key}", root)
    if isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            found += wrong(inner, schema["items"], f"{where}[{place}]", root)
    return found


class Program:
    def __init__(self, address, token):
        self.host, self.token, self.keys = urllib.parse.urlsplit(address), token, 0

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.host.hostname, self.host.port, timeout=30)
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            self.keys += 1
            sent |= {"Content-Type": "application/json", "Idempotency-Key": f"key-{self.keys}"}
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        for name, value in headers.items():
            sent[name.replace("_", "-")] = value
        connection.request(method, path, body=body,
                           headers={k: v for k, v in sent.items() if v is not None})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, json.loads(text) if text else None


def described(results, api, root, method, path, status, value):
    """The reply is one that the description foresees."""
    operation = root["paths"][path][method]
    replies = operation["responses"]
    results.check(str(status) in replies, f"{method} {path} may answer {status}", json.dumps(value)[:300])
    if str(status) in replies:
        schema = replies[str(status)]["content"]["application/json"]["schema"]
        bad = wrong(value, schema, "reply", root)
        results.check(not bad, f"{method} {path} answers as described", *bad)


def journal(book):
    with sqlite3.connect(book) as db:
        return db.execute("SELECT COUNT(*), SUM(seq) FROM journal").fetchone()


def token(book, name, *scopes, user="lena"):
    text = "recoup_" + secrets.token_hex(32)
    digest = hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
    with sqlite3.connect(book) as db:
        db.execute("INSERT INTO token SELECT ?, (SELECT COALESCE(MAX(token_no), 0) + 1 FROM token), staff_no,"
                   " ?, ?, 0, 9223372036854775807, 0, 0 FROM staff WHERE email LIKE ?",
                   (digest, name, " ".join(scopes), user + "@%"))
    return text


SCOPES = ("accounts", "work", "agree", "hold", "dispute", "answer", "pay", "assign", "insights",
          "rules", "import")


class Session(Program):
    """Somebody in a browser: the cookie of their session, and its token with what writes."""

    def __init__(self, address, user):
        super().__init__(address, None)
        self.person = console.Console(address, user)
        self.person.get("/me")

    def ask(self, method, path, body=None, **headers):
        cookie = "; ".join(f"{k}={v}" for k, v in self.person.jar.items())
        return super().ask(method, path, body, **({"Cookie": cookie, "X_CSRF_Token": self.person.token}
                                                  | headers))


class Calls:
    def __init__(self, results, book, address, root):
        self.results, self.book, self.root = results, book, root
        self.tried, self.codes = set(), set()
        self.rosa = Program(address, token(book, "rosa", *SCOPES, user="rosa"))
        self.omar = Program(address, token(book, "omar", "accounts", "agree", "pay", user="omar"))
        self.helen = Program(address, token(book, "helen", "accounts", "audit", user="helen"))
        self.ada, self.lena = Session(address, "ada"), Session(address, "lena")
        for n, one in enumerate((self.rosa, self.omar, self.helen, self.ada, self.lena)):
            one.keys = n * 10000

    def get(self, template, by=None, query="", **holes):
        path = self.path(template, holes)
        status, value = (by or self.rosa).ask("GET", path + query)
        self.results.check(status == 200, f"GET {path}", json.dumps(value)[:300])
        described(self.results, None, self.root, "get", "/api/v1" + template, status, value)
        self.tried.add("GET " + template)
        return value

    @staticmethod
    def path(template, holes):
        path = "/api/v1" + template
        for name, value in holes.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        return path

    def do(self, template, body=None, by=None, status=201, code=None, **holes):
        """One write; said again with its key it is answered the same, and writes nothing."""
        by, body, path = by or self.rosa, body or {}, self.path(template, holes)
        got, value = by.ask("POST", path, body)
        key = f"key-{by.keys}"
        self.results.check(got == status, f"POST {path} is {status}", got, json.dumps(value)[:400])
        described(self.results, None, self.root, "post", "/api/v1" + template, got, value)
        self.tried.add("POST " + template)
        if got >= 400:
            self.codes.add(value["error"]["code"])
            self.results.check(code is None or value["error"]["code"] == code, f"{path}: {code}", value)
        if got < 300 or code == "rule-blocked":
            before = journal(self.book)
            again = by.ask("POST", path, json.dumps(body), Idempotency_Key=key)
            self.results.check(again == (got, value), f"{path}: the same key is answered the same", again)
            if not path.endswith(("/check", "/load")):  # those go on behind the reply
                self.results.check(journal(self.book) == before, f"{path}: and writes nothing")
            other = by.ask("POST", path, json.dumps(body) + " ", Idempotency_Key=key)
            self.results.check((other[0], other[1]["error"]["code"]) == (409, "key-reused"),
                               f"{path}: the same key for another body is refused", other)
            self.codes.add(other[1]["error"]["code"])
        return value
