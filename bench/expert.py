#!/usr/bin/env python3
"""expert.py setup|run BOOK NOW: the SQL of expert_setup.sql, or expert.sql with its time."""
import datetime
import json
import pathlib
import sqlite3
import sys
import time
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
PRAGMAS = """
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;
"""


def offset(zone, now):
    return int(now.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset().total_seconds())


def setup(db, now):
    db.executescript((HERE / "expert_setup.sql").read_text())
    wall = now.date()
    utc = now.astimezone(datetime.timezone.utc)
    db.execute("INSERT INTO x_now VALUES (?, ?, ?)",
               (int(now.timestamp()) * 1000000, (wall - datetime.date(1970, 1, 1)).days,
                utc.hour * 3600 + utc.minute * 60 + utc.second))
    for (zones,) in db.execute("SELECT DISTINCT zones FROM party").fetchall():
        offsets = [offset(zone, now) for zone in zones.split(",") if zone]
        if offsets: # who has no known zone is not written to
            db.execute("INSERT INTO x_zone VALUES (?, ?, ?)", (zones, min(offsets), max(offsets)))
    db.commit()


def main():
    verb, path, now = sys.argv[1], sys.argv[2], datetime.datetime.fromisoformat(sys.argv[3])
    script = (HERE / "expert.sql").read_text()
    began, worked = time.monotonic(), time.process_time()
    db = sqlite3.connect(path, isolation_level=None if verb == "run" else "")
    db.executescript(PRAGMAS)
    if verb == "setup":
        setup(db, now)
        db.close()
        return
    before = db.execute("SELECT COUNT(*) FROM x_outbox").fetchone()[0]
    db.executescript(script)
    after = db.execute("SELECT COUNT(*) FROM x_outbox").fetchone()[0]
    db.close()
    print(json.dumps({"seconds": time.monotonic() - began, "cpu": time.process_time() - worked,
                      "queued": after - before}))


main()
