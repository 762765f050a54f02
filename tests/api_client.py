"""A program that speaks to the API, and what its description says of a reply. No test by itself."""
import hashlib
import http.client
import json
import re
import secrets
import sqlite3
import urllib.parse

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
