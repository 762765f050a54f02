// "Are we recovering more, and from whom?": from the figure to the rows that add up to it, and to one of
// these people; as of another day; with script and without.
import { launch, open, Results, signIn } from './console.mjs';

const [base] = process.argv.slice(2);
const results = new Results();
const text = async (page, where) => (await page.locator(where).first().textContent()).replace(/\s+/g, ' ').trim();
const cents = (words) => Math.round(Number(words.replace(/[^0-9.−-]/g, '').replace('−', '-')) * 100);

// All rows behind a figure, page by page: their number, and their sum in cents.
async function addedUp(page) {
  let sum = 0, count = 0;
  for (;;) {
    for (const amount of await page.locator('tbody td.num:last-child').allTextContents()) {
      sum += cents(amount);
      count += 1;
    }
    const next = page.locator('a[rel=next]');
    if (!(await next.count())) return { sum, count };
    await Promise.all([page.waitForNavigation(), next.click()]);
  }
}

async function question(browser, script) {
  const how = script ? 'with script' : 'without script';
  const page = await open(browser, { script });
  await signIn(page, base, 'rosa');
  await page.goto(`${base}/insights`);
  results.check((await page.locator('h1').textContent()).includes('Portfolio health'), `${how}: the page of figures`);
  await Promise.all([page.waitForURL('**/insights/collected**'), page.getByRole('link', { name: 'Collected' }).first().click()]);
  const client = page.locator('section', { hasText: 'By client' }).locator('tbody tr').first();
  const name = await client.locator('a').first().textContent();
  const shown = cents(await client.locator('td').nth(0).textContent());
  await Promise.all([page.waitForNavigation(), client.locator('a').first().click()]);
  results.check((await page.locator('select[name=client]').inputValue()) === name.trim(), `${how}: it is narrowed to ${name}`);
  await Promise.all([page.waitForURL('**/rows**'), page.getByRole('link', { name: 'All of them' }).click()]);
  const rows = await addedUp(page);
  results.check(rows.count > 0 && rows.sum === shown, `${how}: the rows add up to the figure`,
    [`${rows.count} rows, ${rows.sum} cents, not ${shown}`]);
  const account = page.locator('tbody a.nm').first();
  const who = (await account.textContent()).trim();
  await Promise.all([page.waitForURL('**/accounts/**'), account.click()]);
  results.check((await text(page, 'h1')).includes(who), `${how}: a row leads to ${who}`);
  // as of a day before: another figure, and the address says which
  await page.goto(`${base}/insights/collected`);
  await page.fill('input[type=date]', '2026-10-01');
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Show' }).click()]);
  results.check(page.url().includes('2026-10-01'), `${how}: the day stands in the address`, [page.url()]);
  results.check(!(await text(page, 'main')).includes('2026-11-14'), `${how}: nothing later is told`);
  // a chart as rows
  await page.goto(`${base}/insights`);
  const table = page.locator('details.astable').first();
  await table.locator('summary').click();
  results.check(await table.locator('table').isVisible(), `${how}: a chart opens as a table`);
  await page.context().close();
}

const browser = await launch();
try {
  for (const script of [true, false]) await question(browser, script);
} finally {
  await browser.close();
}
results.end();
