// The keys of single pages: what each leads to, and that none works in a field.
import { launch, open, Results, signIn } from './console.mjs';

const [base] = process.argv.slice(2);
const results = new Results();
const browser = await launch();
const page = await open(browser);
const at = () => page.evaluate(() => document.activeElement.name || document.activeElement.tagName);

async function as(user, path) {
  await page.context().clearCookies();
  await signIn(page, base, user);
  await page.goto(base + path);
}

// Presses a key that leads elsewhere.
async function leads(key, pattern, what) {
  await Promise.all([page.waitForURL(pattern, { timeout: 10000 }).catch(() => 0), page.keyboard.press(key)]);
  results.check(pattern.test(page.url()), what, [page.url()]);
}

try {
  await as('ada', '/admin/users');
  await leads('n', /\/admin\/users\/new$/, 'users: N adds a person');
  await page.locator('input.field').first().focus();
  await page.keyboard.press('n');
  results.check(page.url().endsWith('/new'), 'in a field N is a letter');

  await as('rosa', '/strategies');
  await page.keyboard.press('n');
  results.check(await at() === 'name', 'strategies: N goes to the name of a new one', [await at()]);
  await page.goto(`${base}/promises`);
  await leads('ArrowRight', /from=2026-11-20&to=2026-11-20/, 'promises: right leads to today');
  await leads('ArrowRight', /from=2026-11-21&to=2026-11-21/, 'and to the day after');
  await leads('ArrowLeft', /from=2026-11-20&to=2026-11-20/, 'left leads back');

  await as('helen', '/compliance/log');
  await page.keyboard.press('f');
  results.check(await at() === 'day', 'log: F goes to the filters', [await at()]);
  await page.goto(`${base}/compliance/log`);
  await page.keyboard.press('j');
  await leads('Enter', /see=/, 'J and Enter open a record');
  await page.locator('#decision-detail a[data-key=c]').waitFor();
  await leads('c', /\/d\/[0-9.]+$/, 'C leads to its own page');
  await page.evaluate(() => { window.print = () => { document.title = 'printed'; }; });
  await page.keyboard.press('p');
  results.check(await page.title() === 'printed', 'P prints it');

  await as('priya', '/queue');
  await page.locator('.bell summary').focus();
  await page.keyboard.press('Enter');
  results.check(await page.locator('.bell .card').isVisible(), 'Enter opens the bell');
  await page.keyboard.press('Escape');
  results.check(!(await page.locator('.bell .card').isVisible()), 'Escape closes it');
} finally {
  await browser.close();
}
results.end();
