// A browser that is signed in: Debian's Chromium, driven by playwright-core.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const AXE = require.resolve('axe-core/axe.min.js');

export const PASSWORD = 'demo-1234-demo';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

export async function launch() {
  return chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'recoup-chromium-')), {
    executablePath: CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// A window of its own: {script: false} for somebody whose browser runs none.
export async function open(browser, { width = 1440, height = 1000, dark = false, script = true } = {}) {
  const context = await browser.browser().newContext({
    viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', javaScriptEnabled: script,
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

export async function signIn(page, base, user) {
  await page.goto(`${base}/sign-in`);
  await page.fill('input[name=email]', user.includes('@') ? user : `${user}@fairhaven.example`);
  await page.fill('input[name=password]', PASSWORD);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/sign-in')),
    page.click('button[type=submit]')]);
}

// What the checker of WCAG 2.2 A and AA finds: "rule: place", one for each. Of all rules, or of some.
const LEVELS = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

export async function violations(page, rules = null) {
  if (!await page.evaluate(() => !!window.axe)) await page.evaluate(`${readFileSync(AXE, 'utf8')};0`);
  const found = await page.evaluate((only) => window.axe.run(document, {
    runOnly: only, resultTypes: ['violations'],
  }), rules ? { type: 'rule', values: rules } : LEVELS);
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}

// How far the page is wider than its window, in pixels.
export async function overhang(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

export class Results {
  constructor() { this.passed = 0; this.failed = 0; }

  check(right, what, more = []) {
    if (right) { this.passed += 1; return; }
    this.failed += 1;
    console.log([`FAILED ${what}`, ...more.slice(0, 8).map((m) => `    ${m}`)].join('\n'));
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed || !this.passed ? 1 : 0;
  }
}
