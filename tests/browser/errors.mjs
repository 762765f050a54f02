// What a page does when the server is gone, or one is signed out: what stands there stays, and says how
// old it is. The server ends in the midst of it (its process is given), so this runs by a test that
// started one of its own.
import { launch, open, Results, signIn } from './console.mjs';

const [base, process_id] = process.argv.slice(2);
const results = new Results();
const browser = await launch();
const page = await open(browser);
const lit = () => page.locator('.qi[aria-current] .nm').allInnerTexts();
const beside = () => page.locator('#queue-open h1').innerText();
const refresh = () => page.evaluate(() => window.htmx.ajax('GET', location.pathname + location.search,
  { source: '#queue-list', target: '#queue-list', select: '#queue-list', swap: 'outerMorph' }));
const stale = page.locator('#queue-list .stale');
const floating = page.locator('#failed');

await signIn(page, base, 'omar');
await page.goto(`${base}/queue`);
const rows = await page.locator('.qrow').count();
const [first] = await lit();
results.check(rows > 5 && first === await beside(), 'the first of the queue stands beside it', [rows, first]);

const cookies = await page.context().cookies();
await page.context().clearCookies();
await refresh();
await stale.waitFor({ state: 'visible' });
results.check(await page.locator('.qrow').count() === rows, 'who is signed out keeps the old rows');
results.check(/Showing 10:10 am\. You are signed out\./.test(await stale.innerText()), 'and is told', [await stale.innerText()]);
results.check((await stale.locator('a').getAttribute('href')).startsWith('/sign-in?next=%2Fqueue'), 'with the way in');
await page.context().addCookies(cookies);
await refresh();
await stale.waitFor({ state: 'hidden' });
results.check(await page.locator('.qrow').count() === rows, 'and it goes on when one is back');

const log = await open(browser);
await signIn(log, base, 'helen');
await log.goto(`${base}/compliance/log`);
process.kill(Number(process_id), 'SIGKILL');
await page.waitForTimeout(200);
await refresh();
await stale.waitFor({ state: 'visible' });
results.check(await page.locator('.qrow').count() === rows, 'without a server the old rows stay');
results.check(/Showing 10:10 am\. The server does not answer\. Trying again\./.test(await stale.innerText()), 'with their time', [await stale.innerText()]);
await page.locator('.qi').nth(3).click();
await floating.waitFor({ state: 'visible' });
results.check((await lit()).join() === first && await beside() === first, 'whoever stands beside the list is lit, not who was clicked', [await lit(), await beside()]);
await floating.locator('a').click();
await page.waitForFunction(() => document.querySelector('#failed a').textContent.includes('Still not'));
results.check(await page.locator('.qrow').count() === rows, 'trying again leaves the page only for another');

const chosen = await log.locator('#decision-detail').innerText();
await log.locator('[data-row]').nth(4).click();
await log.locator('#failed').waitFor({ state: 'visible' });
results.check(await log.locator('#decision-detail').innerText() === chosen, 'so in the log of decisions');
await browser.close();
results.end();
