#!/usr/bin/env python3
"""Evidence packs: the checker that is inside passes a whole pack, in a clean environment, and bites
on every file; a pack tells nothing of others, a redacted one nothing of names."""
import hashlib
import importlib.util
import io
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import zipfile

import console
import spine

CHECKER = spine.ROOT / "templates" / "pack" / "check.py"
NOW = "2026-11-20T16:10:00Z"
COMPLAINT = "You rang at six in the morning"


def load_checker():
    spec = importlib.util.spec_from_file_location("check", CHECKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = load_checker()


class Held(check.Pack):
    """A pack in memory, so that thousands can be tried."""

    def __init__(self, files):  # pylint: disable=super-init-not-called
        self.bytes = dict(files)


def wrong_with(files):
    found = check.Check(Held(files))
    found.all()
    return found.wrong


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed(files):
    """With a manifest made anew: what somebody would do who changes a pack with care."""
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["files"]:
        data = files[entry["path"]]
        entry.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest(),
                     blake2b=check.blake2b(data))
    text = json.dumps(manifest).encode()
    return files | {"manifest.json": text, "manifest.sums": (
        f"sha256  {hashlib.sha256(text).hexdigest()}\nblake2b {check.blake2b(text)}\n").encode()}


def export(book, folder, name, *words):
    path = folder / name
    ran = spine.Recoup(book).call("audit", "export", *words, "-o", path, "--now", NOW)
    if ran.returncode != 0:
        raise RuntimeError(f"{words}: {ran.stderr}{ran.stdout}")
    return path, ran.stderr


def clean(path, cwd=None):
    """The checker of the pack itself, with nothing around it."""
    folder = cwd or path.parent / (path.stem + ".d")
    if cwd is None:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
    return subprocess.run([sys.executable, "-I", "check.py"], cwd=folder, env={"LC_ALL": "C.UTF-8"},
                          capture_output=True, text=True, check=False)


def flips(results, files):
    draw, missed, unnamed, tried = random.Random(3), [], [], 0
    rules = sorted(name for name in files if name.startswith("rules/"))
    left_out = set(rules) - set(draw.sample(rules, 5))  # they are many, and all alike
    for name, data in sorted(files.items()):
        if name in left_out:
            continue
        places = {0, len(data) - 1} | {draw.randrange(len(data)) for _ in range(6)}
        for place in places:
            tried += 1
            changed = bytearray(data)
            changed[place] ^= 1 << draw.randrange(8)
            wrong = wrong_with(files | {name: bytes(changed)})
            if not wrong:
                missed.append(f"{name} at {place}")
            elif not any(name in line for line in wrong):
                unnamed.append(f"{name} at {place}: {wrong[:2]}")
        if not any(name in line for line in wrong_with({k: v for k, v in files.items() if k != name})):
            unnamed.append(f"{name} left out")
    results.none(missed, f"{tried} flipped bits, one in each: all are found")
    results.none(unnamed, "and the file is named")
    results.check(any("extra.txt" in line for line in wrong_with(files | {"extra.txt": b"x"})),
                  "a file that was added is found")


def forgeries(results, files):
    """Changes with a manifest that fits them: what the hashes of the journal are for."""
    def told(changed, *pieces):
        wrong = wrong_with(resealed(files | changed))
        return any(all(piece in line for piece in pieces) for line in wrong) or wrong[:3]

    records = [json.loads(line) for line in files["records.jsonl"].splitlines()]

    def with_record(place, **fields):
        lines = [json.dumps(record | (fields if i == place else {}))
                 for i, record in enumerate(records)]
        return {"records.jsonl": "\n".join(lines).encode() + b"\n"}

    judged = next(i for i, r in enumerate(records) if r.get("question"))
    name = records[judged]["number"]
    results.check(not wrong_with(resealed(files)), "a manifest made anew of the same files passes")
    cases = [
        ("another word in a record", with_record(judged, record=records[judged]["record"].replace(
            "allow", "alloW", 1)), (name, "was changed")),
        ("another time", with_record(judged, at_us=records[judged]["at_us"] + 1), (name, "was changed")),
        ("another kind", with_record(judged, kind="refusal"), (name, "was changed")),
        ("other facts", with_record(judged, question=records[judged]["question"].replace(
            '"at":"', '"at":"1', 1)), (name, "other facts")),
        ("another body and hash", with_record(judged, body="0" * 64), (name,)),
        ("called redacted", with_record(judged, record="{}", record_redacted=True,
                                        question=None), ()),
    ]
    for what, changed, pieces in cases[:-1]:
        outcome = told(changed, *pieces)
        results.check(outcome is True, f"a forgery is found: {what}", outcome)
    chain = next(n for n in files if n.startswith("chain/"))
    lines = files[chain].decode().splitlines()
    for what, new in (("a link left out", lines[:7] + lines[8:]), ("the last left out", lines[:-1]),
                      ("another link", lines[:-1] + [lines[-1][:-1] + ("0" if lines[-1][-1] != "0" else "1")])):
        outcome = told({chain: ("\n".join(new) + "\n").encode()}, chain)
        results.check(outcome is True, f"in the chain: {what}", outcome)
    letter = next(n for n in files if n.startswith("messages/"))
    listed = json.loads(files["messages.json"])
    forged = files[letter] + b" "
    for paper in listed:
        if paper["file"] == letter:
            paper["blake2b"] = check.blake2b(forged)
    outcome = told({letter: forged, "messages.json": json.dumps(listed).encode()}, letter, "no record")
    results.check(outcome is True, "another letter than the one that was sent", outcome)
    ledger = json.loads(files["ledger.json"])
    ledger["postings"][0]["amount"] = "999999.99"
    outcome = told({"ledger.json": json.dumps(ledger).encode()}, "ledger.json", "add up")
    results.check(outcome is True, "money that does not add up", outcome)
    rule = next(n for n in files if n.startswith("rules/"))
    outcome = told({rule: files[rule] + b"\n"}, rule, "not the text")
    results.check(outcome is True, "another rule", outcome)


def words_of(files):
    """Everything that can be read in a pack."""
    text = []
    for name, data in files.items():
        text.append(check.pdf_text(data) if name.startswith("summary") else
                    data.decode("utf-8", "replace"))
    return "\n".join(text)


def silence(results, book, account, whole, redacted):
    db = sqlite3.connect(book)
    others = db.execute("SELECT c.reference, p.name FROM casefile AS c JOIN party AS p USING"
                        " (bucket, casefile_id) WHERE c.reference <> ?", (account,)).fetchall()
    own = [row[0] for row in db.execute(
        "SELECT p.name FROM party AS p JOIN casefile AS c USING (bucket, casefile_id)"
        " WHERE c.reference = ? UNION SELECT t.address FROM contact_point AS t JOIN casefile AS c"
        " USING (bucket, casefile_id) WHERE c.reference = ?", (account, account))]
    db.close()
    readable = words_of({n: d for n, d in whole.items() if not n.startswith("messages/")})
    results.none([pair for pair in others if f'"{pair[0]}"' in readable or
                  len(pair[1]) > 12 and pair[1] in readable], "a pack names nobody else")
    hidden = words_of(redacted)
    pieces = [piece for text in own for piece in text.split("\n") if len(piece) > 8]
    results.none([piece for piece in pieces if piece in hidden], "a redacted one names nobody at all")
    results.check(len(pieces) >= 3 and any(piece in readable for piece in pieces),
                  "and there was something to hide", pieces)
    tokens = {word for word in hidden.split('"') if word.startswith("[name ")}
    results.check(tokens, "names are tokens", hidden[:200])


def busy_account(book):
    """With letters, money, a dispute with a paper, and a statement."""
    db = sqlite3.connect(book)
    account = db.execute(
        "SELECT c.reference FROM message AS m JOIN casefile AS c USING (bucket, casefile_id)"
        " JOIN payment AS p USING (bucket, casefile_id) JOIN contact_point AS t USING"
        " (bucket, casefile_id) WHERE t.channel = 'email' ORDER BY c.reference LIMIT 1").fetchone()[0]
    db.close()
    recoup = spine.Recoup(book)
    paper = pathlib.Path(book).parent / "a letter, ü.txt"
    paper.write_bytes(b"I have paid this in May.\n")
    opened = recoup.json("dispute", "open", account, "--reason", "paid", "--note", "they say they paid",
                         "--now", NOW)
    recoup.must("dispute", "evidence", account, str(opened["dispute"]), str(paper),
                "--now", NOW)
    recoup.must("complaint", "open", account, "--words", COMPLAINT, "--via", "phone", "--now", NOW)
    return account


def pages(results, book, account, whole_digest):
    with console.serving(book) as address:
        helen = console.Console(address, "helen")
        page = helen.get("/audit?account=" + account)
        reply = next(form for form in page.forms() if ("account", account) in form.fields).submit()
        results.check(reply.status == 200 and reply.header("Content-Type") == "application/zip"
                      and not wrong_with(unpacked(reply.bytes)), "a button makes a pack that passes",
                      reply.words()[:200])
        page = helen.get("/audit")
        name = check.blake2b(unpacked(reply.bytes)["manifest.json"])
        results.check(page.says(name, f"account {account}"), "and its name is in the journal")
        reply = helen.post("/audit", {"account": "NO-SUCH"})
        results.check(reply.status == 404, "no such account", reply.status)
        for fields in ({}, {"records": "x"}, {"from": "2026-13-01"}, {"account": account, "from": "2026-11-20"}):
            reply = helen.post("/audit", fields)
            results.check(reply.status == 422, f"{fields} is refused", reply.status)
        db = sqlite3.connect(book)
        number = "D-%d.%d" % db.execute(
            "SELECT bucket, seq FROM journal WHERE kind = 'decision' LIMIT 1").fetchone()
        db.close()
        reply = helen.post(f"/d/{number}/pdf", {})
        results.check(reply.status == 200 and number in check.pdf_text(reply.bytes),
                      "one decision as a page", reply.status)
        reply = helen.post("/audit", {"records": number + "\n" + number})
        results.check(reply.status == 200 and not wrong_with(unpacked(reply.bytes)), "some records")
        for who in ("priya", "rosa", "ada", "vic"):
            user = console.Console(address, who)
            results.check(user.post("/audit", {"account": account}).status == 403
                          and user.post(f"/d/{number}/pdf", {}).status == 403, f"{who} may not")
        db = sqlite3.connect(book)
        db.execute("UPDATE staff SET clients = 'Nobody' WHERE email LIKE 'helen@%'")
        db.commit()
        db.close()
        results.check(helen.post("/audit", {"account": account}).status == 404
                      and helen.post("/audit", {"records": number}).status == 404,
                      "nor of what they may not see")
    results.check(whole_digest != name, "two packs have two names")


def main():
    results = spine.Results("evidence")
    with spine.scratch("evidence") as folder:
        book = console.demo(folder, accounts=150)
        account = busy_account(book)
        path, said = export(book, folder, "whole.zip", account)
        whole = unpacked(path.read_bytes())
        ran = clean(path)
        results.check(ran.returncode == 0 and ran.stdout.startswith("  ok  ") and "PASS" in ran.stdout,
                      "the pack passes by its own checker, with nothing around it", ran.stdout + ran.stderr)
        results.check(check.blake2b(whole["manifest.json"]) in said, "its name is said", said)
        again, _ = export(book, folder, "again.zip", account)
        same = unpacked(again.read_bytes())
        results.check({n for n in whole if whole[n] != same.get(n)} <=
                      {"records.jsonl", "manifest.json", "manifest.sums", "summary.pdf", "README.txt"}
                      | {n for n in whole if n.startswith("chain/")},
                      "made again it differs by the record that the first was made")
        papers = [n for n in whole if n.split("/")[0] in ("messages", "statements", "papers")]
        results.check(any(n.endswith((".pdf", ".eml")) for n in papers)
                      and whole.get("papers/%s" % next((n[7:] for n in papers if n.startswith("papers/")), ""))
                      == b"I have paid this in May.\n", "letters and papers are in it, byte for byte", papers)
        told = json.loads(whole["account.json"])["complaints"]
        results.check(len(told) == 1 and told[0]["words"] == COMPLAINT and told[0]["channel"] == "phone"
                      and told[0]["state"] == "open" and told[0]["received_day"] == "2026-11-20",
                      "complaints are in it", told)
        flips(results, whole)
        forgeries(results, whole)
        path, _ = export(book, folder, "redacted.zip", account, "--redact")
        redacted = unpacked(path.read_bytes())
        results.check(not wrong_with(redacted) and clean(path).returncode == 0, "a redacted pack passes",
                      wrong_with(redacted)[:4])
        results.check(not [n for n in redacted if n.startswith(("messages/", "papers/"))],
                      "and has no letters")
        silence(results, book, account, whole, redacted)
        told = json.loads(redacted["account.json"])["complaints"]
        results.check(told[0]["words"].startswith("[text ") and COMPLAINT not in words_of(redacted),
                      "what they said is hidden in a redacted one", told)
        for name, words in (("day", ["--period", "2026-11-20"]),
                            ("stopped", ["--period", "2026-11-20", "--decision", "blocked", "--redact"])):
            path, _ = export(book, folder, name + ".zip", *words)
            ran = clean(path)
            results.check(ran.returncode == 0, f"a pack of a period passes: {words}", ran.stdout)
        case = folder / "case.txt"
        case.write_text("\n".join(r["number"] for r in map(
            json.loads, whole["records.jsonl"].splitlines()))[:400].rsplit("\n", 1)[0] + "\n")
        path, _ = export(book, folder, "case.zip", "--case", str(case))
        results.check(clean(path).returncode == 0, "a pack of some records passes")
        broken = path.read_bytes()
        (folder / "cut.zip").write_bytes(broken[:len(broken) // 2])
        ran = subprocess.run([sys.executable, "-I", str(CHECKER), str(folder / "cut.zip")],
                             capture_output=True, text=True, check=False)
        results.check(ran.returncode == 1 and "FAIL" in ran.stdout, "half an archive fails", ran.stdout)
        pages(results, book, account, check.blake2b(whole["manifest.json"]))
        results.check(os.path.getsize(folder / "whole.zip") < 2_000_000, "a pack is small")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
