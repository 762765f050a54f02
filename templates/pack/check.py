#!/usr/bin/env python3
"""Checks an evidence pack: is it whole, and do its records chain?

    python3 -I check.py [FOLDER or PACK.zip]

Says PASS, or FAIL with every file and what is wrong with it. Needs Python 3.8 and nothing else: no
network, no library, nothing of the program that made the pack. README.txt explains what is checked.
"""
import hashlib
import json
import os
import re
import struct
import sys
import zipfile
import zlib

ZERO = "0" * 64


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def number(value):
    return struct.pack("<q", value)


def piece(data):
    return number(len(data)) + data


def body_of(record):
    return blake2b(number(record["bucket"]) + number(record["seq"]) + number(record["casefile"])
                   + number(record["at_us"]) + piece(record["kind"].encode())
                   + piece(record["record"].encode()))


def hash_of(before, body):
    return blake2b(piece(bytes.fromhex(before)) + piece(bytes.fromhex(body)))


class Broken(Exception):
    """The pack cannot be read at all."""


class Pack:
    """The files of a folder or of a zip, by name."""

    def __init__(self, path):
        self.bytes = {}
        if os.path.isdir(path):
            self.read_folder(path)
        elif os.path.isfile(path):
            self.read_zip(path)
        else:
            raise Broken(f"{path}: there is no such pack")

    def read_folder(self, path):
        for folder, _, names in os.walk(path):
            for name in names:
                whole = os.path.join(folder, name)
                with open(whole, "rb") as file:
                    self.bytes[os.path.relpath(whole, path).replace(os.sep, "/")] = file.read()

    def read_zip(self, path):
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    if entry.filename in self.bytes:
                        raise Broken(f"{entry.filename}: it is there twice")
                    try:
                        self.bytes[entry.filename] = archive.read(entry)
                    except (zipfile.BadZipFile, zlib.error, EOFError) as why:
                        raise Broken(f"{entry.filename}: it cannot be unpacked: {why}") from why
        except zipfile.BadZipFile as why:
            raise Broken(f"{path}: it is no whole archive: {why}") from why


class Check:
    def __init__(self, pack):
        self.pack, self.wrong, self.done, self.records = pack, [], [], []
        self.manifest, self.facts = {}, {}

    def fail(self, name, what):
        self.wrong.append(f"{name}: {what}")

    def json(self, name):
        try:
            return json.loads(self.pack.bytes[name].decode())
        except KeyError:
            self.fail(name, "it is missing")
        except ValueError as why:
            self.fail(name, f"it is no JSON: {why}")
        return None

    # ---- Files ----

    def files(self):
        sums = self.pack.bytes.get("manifest.sums")
        manifest = self.pack.bytes.get("manifest.json")
        if sums is None or manifest is None:
            self.fail("manifest.sums" if sums is None else "manifest.json", "it is missing")
            return False
        expected = f"sha256  {hashlib.sha256(manifest).hexdigest()}\nblake2b {blake2b(manifest)}\n"
        if sums != expected.encode():
            self.fail("manifest.json", "it is not the one that manifest.sums names, "
                                       "or manifest.sums was changed")
        self.manifest = self.json("manifest.json")
        if not isinstance(self.manifest, dict) or not isinstance(self.manifest.get("files"), list):
            self.fail("manifest.json", "it lists no files")
            return False
        known = {"manifest.json", "manifest.sums"}
        for entry in self.manifest["files"]:
            self.file(entry, known)
        for name in sorted(set(self.pack.bytes) - known):
            self.fail(name, "the manifest does not know it")
        self.done.append(f"{len(known)} files are what the manifest says")
        return True

    def file(self, entry, known):
        name = str(entry.get("path"))
        known.add(name)
        data = self.pack.bytes.get(name)
        if data is None:
            self.fail(name, "it is missing")
        elif len(data) != entry.get("bytes"):
            self.fail(name, f"it has {len(data)} bytes, the manifest says {entry.get('bytes')}")
        elif hashlib.sha256(data).hexdigest() != entry.get("sha256") \
                or blake2b(data) != entry.get("blake2b"):
            self.fail(name, "it was changed: its digests are not those of the manifest")

    # ---- Records ----

    def load_records(self):
        lines = self.pack.bytes.get("records.jsonl", b"").splitlines()
        for place, line in enumerate(lines, 1):
            try:
                self.records.append(json.loads(line.decode()))
            except ValueError as why:
                self.fail("records.jsonl", f"line {place} is no JSON: {why}")
        if len(self.records) != self.manifest.get("records"):
            self.fail("records.jsonl", f"it has {len(self.records)} records, the manifest says "
                                       f"{self.manifest.get('records')}")

    def check_records(self):
        for record in self.records:
            try:
                self.check_record(record)
            except (KeyError, TypeError, ValueError) as why:
                self.fail("records.jsonl", f"record {record.get('number')} is not complete: {why!r}")
        self.done.append(f"{len(self.records)} records are what their hashes say")

    def check_record(self, record):
        name = record["number"]
        if name != f"D-{record['bucket']}.{record['seq']}":
            self.fail("records.jsonl", f"record {name} has the number of another")
        if not record["record_redacted"] and body_of(record) != record["body"]:
            self.fail("records.jsonl", f"record {name} was changed: it does not fit its digest")
        if hash_of(record["before"], record["body"]) != record["hash"]:
            self.fail("records.jsonl", f"record {name}: its hash does not follow from the one before")
        said = json.loads(record["record"])
        if record.get("question") is not None and not record["question_redacted"]:
            if blake2b(record["question"].encode()) != said.get("facts"):
                self.fail("records.jsonl", f"record {name} was judged on other facts than these")
        if said.get("rulebook"):
            self.check_rules(name, said)
        for key in ("digest",):
            if isinstance(said.get(key), str):
                self.facts.setdefault(said[key], name)

    def check_rules(self, name, said):
        path = f"rules/{said['rulebook']}.txt"
        book = self.pack.bytes.get(path)
        if book is None:
            self.fail(path, f"the rules by which {name} was judged are missing")
            return
        listed = dict(line.split(" ")[:2] for line in book.decode().splitlines()[1:] if line)
        for pack in said.get("packs", []):
            if pack not in listed:
                self.fail(path, f"{name} names the pack {pack}, which is not in the list")

    def rules(self):
        names = [name for name in self.pack.bytes if name.startswith("rules/")]
        for name in names:
            data = self.pack.bytes[name]
            if name != f"rules/{blake2b(data)}.txt":
                self.fail(name, "it is not the text that its name stands for")
            if data.startswith(b"tzdata "):
                for line in data.decode().splitlines()[1:]:
                    digest = line.split(" ")[1] if line.count(" ") >= 2 else None
                    if digest and f"rules/{digest}.txt" not in self.pack.bytes:
                        self.fail(f"rules/{digest}.txt", "a pack of the list is missing")
        self.done.append(f"{len(names)} texts of rules are those that the records name")

    # ---- Chains ----

    def chains(self):
        buckets = {}
        for record in self.records:
            buckets.setdefault(record.get("bucket"), {})[record.get("seq")] = record
        links = 0
        for bucket, mine in sorted(buckets.items()):
            name = f"chain/{bucket}.txt"
            if name not in self.pack.bytes:
                self.fail(name, "it is missing")
                continue
            try:
                links += self.chain(name, mine)
            except (KeyError, ValueError, IndexError) as why:
                self.fail(name, f"it cannot be read: {why!r}")
        self.done.append(f"{len(buckets)} chains run unbroken over {links} records")

    def chain(self, name, mine):
        lines = self.pack.bytes[name].decode().splitlines()
        head = dict(line.split(" ") for line in lines[:6])
        link, expected, seen = head["before"], int(head["first"]), 0
        if expected == 1 and link != ZERO:
            self.fail(name, "before the first record there are zeros")
        for line in lines[6:]:
            seq, body = line.split(" ")
            if int(seq) != expected or len(body) != 64:
                self.fail(name, f"record {expected} is missing, or out of its order")
                return seen
            record = mine.get(expected)
            if record is not None:
                seen += 1
                if record["before"] != link:
                    self.fail(name, f"record {record['number']} does not follow the one before it")
                if record["body"] != body:
                    self.fail(name, f"record {record['number']} is not the one in the chain")
            link = hash_of(link, body)
            if record is not None and record["hash"] != link:
                self.fail(name, f"record {record['number']} does not have the hash of its place")
            expected += 1
        if expected - 1 != int(head["last"]) or link != head["end"]:
            self.fail(name, "it does not come to the end that it names")
        if seen != len(mine):
            self.fail(name, "records of the pack are not in it")
        return len(lines) - 6

    # ---- Papers, ledger, summary ----

    def papers(self):
        count = 0
        for folder in ("messages", "statements", "papers"):
            listed = self.json(f"{folder}.json") if f"{folder}.json" in self.pack.bytes else []
            for paper in listed or []:
                count += 1
                name = paper.get("file")
                if name is None:
                    continue
                data = self.pack.bytes.get(name)
                if data is None:
                    self.fail(name, "it is listed and not there")
                elif blake2b(data) != paper.get("blake2b"):
                    self.fail(name, "it is not the one that was listed")
                if paper.get("blake2b") not in self.facts and self.must_be_known(folder, paper):
                    self.fail(name, "no record of the pack holds its digest")
        if count:
            self.done.append(f"{count} messages, statements and papers are those of the journal")

    def must_be_known(self, folder, paper):
        """In a pack of an account every sending is among the records."""
        return folder != "messages" or str(self.manifest.get("subject")).startswith("account ")

    def ledger(self):
        if "ledger.json" not in self.pack.bytes:
            return
        ledger, sums = self.json("ledger.json"), {}
        for line in (ledger or {}).get("postings", []):
            key = (line["entry"], line["currency"])
            whole, _, part = str(line["amount"]).partition(".")
            minor = int(whole.lstrip("-") + part) * (-1 if whole.startswith("-") else 1)
            sums[key] = sums.get(key, 0) + minor
        for (entry, _), left in sorted(sums.items()):
            if left != 0:
                self.fail("ledger.json", f"entry {entry} does not add up to nothing")
        self.done.append(f"{len(sums)} entries of the ledger add up to nothing")

    def summary(self):
        names = sorted(n for n in self.pack.bytes if re.fullmatch(r"summary(-\d+)?\.pdf", n))
        if not names:
            self.fail("summary.pdf", "it is missing")
        printed = {}
        for name in names:
            try:
                text = pdf_text(self.pack.bytes[name])
            except (ValueError, zlib.error, IndexError) as why:
                self.fail(name, f"it cannot be read: {why!r}")
                continue
            found = re.findall(r"D-\d+\.\d+|\b[0-9a-f]{64}\b", text)
            for place, word in enumerate(found):
                if word.startswith("D-") and place + 1 < len(found) \
                        and not found[place + 1].startswith("D-"):
                    printed[word] = (found[place + 1], name)
        wanted = {record["number"]: record["hash"] for record in self.records}
        for number_, hash_ in wanted.items():
            if number_ not in printed:
                self.fail("summary.pdf", f"record {number_} is not printed")
            elif printed[number_][0] != hash_:
                self.fail(printed[number_][1], f"record {number_} is printed with another hash")
        for number_ in set(printed) - set(wanted):
            self.fail(printed[number_][1], f"record {number_} is printed, and not in the records")
        self.done.append(f"{len(wanted)} records are printed with the same hashes")

    def all(self):
        if not self.files():
            return
        for step in (self.load_records, self.check_records, self.rules, self.chains, self.papers,
                     self.ledger, self.summary):
            try:
                step()
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as why:
                self.fail(step.__name__.replace("_", " "), f"it cannot be checked: {why!r}")


# ---- Words of a PDF ----------------------------------------------------------------------------

def pdf_streams(data):
    """Object number, dictionary and unpacked stream of every object that has one."""
    for found in re.finditer(rb"(\d+) 0 obj\s*<<(.*?)>>\s*stream\r?\n", data, re.S):
        length = re.search(rb"/Length (\d+)\b(?! 0 R)", found[2])
        if length:
            size = int(length[1])
        else:
            other = re.search(rb"/Length (\d+) 0 R", found[2])
            size = int(re.search(rb"(?:^|\s)%s 0 obj\s+(\d+)" % other[1], data)[1])
        stream = data[found.end():found.end() + size]
        if b"/FlateDecode" in found[2]:
            stream = zlib.decompress(stream)
        yield int(found[1]), found[2], stream


def to_unicode(stream):
    """Which code of a font is which letter."""
    table, text = {}, stream.decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, letter in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(letter).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, rest in re.findall(
                r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[.*?\])", block, re.S):
            letters = re.findall(r"<([0-9A-Fa-f]+)>", rest)
            for step in range(int(last, 16) - int(first, 16) + 1):
                if rest.startswith("["):
                    table[int(first, 16) + step] = bytes.fromhex(letters[step]).decode("utf-16-be")
                else:
                    start = bytes.fromhex(letters[0]).decode("utf-16-be")
                    table[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return table


def pdf_fonts(data, streams):
    """Name in the content, to how many bytes a code has and what it means."""
    objects = [(number_, text) for number_, text in
               re.findall(rb"(\d+) 0 obj\s*<<(.*?)endobj", data, re.S)]
    for _, dictionary, stream in streams.values():
        if b"/ObjStm" in dictionary:
            first = int(re.search(rb"/First (\d+)", dictionary)[1])
            heads = [int(word) for word in stream[:first].split()]
            for place in range(0, len(heads), 2):
                end = heads[place + 3] if place + 3 < len(heads) else len(stream) - first
                objects.append((str(heads[place]).encode(),
                                stream[first + heads[place + 1]:first + end]))
    by_number = {int(number_): text for number_, text in objects}
    fonts = {}
    for text in list(by_number.values()):
        for name, number_ in re.findall(rb"/(f-\d+-\d+) (\d+) 0 R", text):
            font = by_number.get(int(number_), b"")
            table = re.search(rb"/ToUnicode (\d+) 0 R", font)
            if table and int(table[1]) in streams:
                wide = 2 if b"/Type0" in font else 1
                fonts[name.decode()] = (wide, to_unicode(streams[int(table[1])][2]))
    return fonts


ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
TOKEN = re.compile(r"/ActualText <([0-9A-Fa-f]+)>\s*>>\s*BDC(.*?)EMC|/(f-\d+-\d+) [\d.]+ Tf|\[(.*?)\]\s*TJ|(<[0-9A-Fa-f]*>|\((?:\\.|[^\\)])*\))\s*Tj"
                   r"|(T\*|Td|TD|Tm|ET)", re.S)


def words_of(operand, wide, table):
    """What stands in the operand of Tj or TJ; a wide step to the right is a blank."""
    words = ""
    for hexa, plain, step in re.findall(
            r"<([0-9A-Fa-f]*)>|\(((?:\\.|[^\\)])*)\)|(-?[\d.]+)", operand, re.S):
        if step:
            words += " " if float(step) < -500 else ""
            continue
        if plain:
            plain = re.sub(r"\\([0-7]{1,3}|.)", lambda m: chr(int(m[1], 8)) if m[1][0] in "01234567"
                           else ESCAPES.get(m[1], m[1]), plain, flags=re.S)
            data = plain.encode("latin-1")
        else:
            data = bytes.fromhex(hexa + "0" * (len(hexa) % 2))
        words += "".join(table.get(int.from_bytes(data[at:at + wide], "big"), "?")
                         for at in range(0, len(data), wide))
    return words


def pdf_text(data):
    streams = {number_: (number_, dictionary, stream)
               for number_, dictionary, stream in pdf_streams(data)}
    fonts, words = pdf_fonts(data, streams), []
    if not fonts:
        raise ValueError("it has no words")
    for _, _, stream in streams.values():
        if b" Tf" not in stream or b"ET" not in stream:
            continue
        wide, table = 1, {}
        for said, within, font, many, one, moved in TOKEN.findall(stream.decode("latin-1")):
            if said: # several letters drawn as one
                words.append(bytes.fromhex(said).decode("utf-16").lstrip("\ufeff"))
                font = (re.findall(r"/(f-\d+-\d+) [\d.]+ Tf", within) or [""])[-1]
            if font:
                wide, table = fonts.get(font, (1, {}))
            elif moved:
                words.append("\n")
            elif not said:
                words.append(words_of(many or one, wide, table))
    return "".join(words)


def main(words):
    path = words[0] if words else os.path.dirname(os.path.abspath(__file__))
    try:
        check = Check(Pack(path))
        check.all()
    except Broken as why:
        print(f"FAIL  {why}")
        return 1
    for line in check.wrong:
        print(f"FAIL  {line}")
    if check.wrong:
        print(f"FAIL: {len(check.wrong)} thing{'s are' if len(check.wrong) > 1 else ' is'} wrong with "
              "this pack.")
        return 1
    for line in check.done:
        print(f"  ok  {line}")
    print(f"PASS: {check.manifest.get('subject')}, made {check.manifest.get('made_at')}. "
          f"Its name is {blake2b(check.pack.bytes['manifest.json'])}.")
    if check.manifest.get("redacted"):
        print("It is redacted: what was replaced by tokens could not be checked against its digests.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
