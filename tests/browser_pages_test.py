#!/usr/bin/env python3
"""Every page in a real browser, as each kind of user: no violation of WCAG 2.2 AA in either theme, no
sideways scroll at 1024 pixels, nothing refused by the policy of the page.

The walk itself is tests/browser/pages.mjs. Skipped where Chromium or the npm packages are missing.
"""
import subprocess
import sys

import spine


def main():
    node = spine.browser_driver()
    with spine.scratch("browser") as folder:
        spine.in_folder(folder, "demo", "--accounts", "400", "--no-serve", "--quiet", "--now",
                        "2026-11-20T16:00:00Z")
        with spine.serving(folder / "demo-data/recoup.db", "2026-11-20T16:10:00Z") as address:
            scenario = sys.argv[1] if len(sys.argv) > 1 else "pages"
            done = subprocess.run([node, spine.ROOT / f"tests/browser/{scenario}.mjs", address],
                                  check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
