// A collector's day, by keyboard alone: no mouse is ever moved. Signs in, takes the first of the queue,
// looks at the account and why, calls, wraps up with a promise in number keys, notes, agrees a plan,
// puts one off, takes a deed back, finds somebody by name, and goes home with an empty hand.
import { launch, open, PASSWORD, Results } from './console.mjs';

const [base] = process.argv.slice(2);
const results = new Results();
const browser = await launch();
const page = await open(browser);
const keys = async (...all) => { for (const key of all) await page.keyboard.press(key); };
const words = async () => (await page.locator('body').innerText()).replace(/\s+/g, ' ');
const at = () => page.evaluate(() => document.activeElement && document.activeElement.outerHTML.slice(0, 160));
const check = async (right, what) => results.check(right, what, right ? [] : [page.url(), await at(), (await words()).slice(0, 400)]);
const arrives = (pattern) => page.waitForURL(pattern, { timeout: 15000 });

// Tab until what has the focus fits; how many it took, or 0.
async function tabTo(selector, most = 80) {
  for (let i = 1; i <= most; i += 1) {
    await keys('Tab');
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return i;
  }
  return 0;
}

async function signsIn() {
  await page.goto(`${base}/sign-in`);
  if (!(await page.evaluate(() => document.activeElement.matches('input[name=email]')))) await tabTo('input[name=email]');
  await page.keyboard.type('priya@fairhaven.example');
  await tabTo('input[name=password]');
  await page.keyboard.type(PASSWORD);
  await Promise.all([arrives('**/queue*'), keys('Enter')]);
  await check((await words()).includes('Work queue'), 'the day begins at the queue');
}

// The reference of the account in hand: that of the page, or of the queue's panel.
const inHand = async () => (await page.locator('#account-main .mono, .head .mono, h1 + .mono').first().innerText()).trim();

async function takesTheFirst() {
  const beside = async () => page.locator('#queue-open h1').innerText();
  const inFocus = () => page.evaluate(() => (document.activeElement.querySelector('.nm') || {}).textContent);
  const names = await page.locator('.qi .nm').allInnerTexts();
  await check(await beside() === names[0], 'whoever is first stands beside the list');
  let asked = 0;
  page.on('request', (request) => { asked += request.url().includes('look='); });
  // without a pause, however slow the machine is: that is what "passing" means
  await page.evaluate((all) => all.forEach((key) => document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))), ['j', 'j', 'j', 'k']);
  await check(await inFocus() === names[2], 'J and K walk the list');
  await page.waitForFunction((name) => document.querySelector('#queue-open h1').textContent === name, names[2]);
  await check(asked === 1, `who is merely passed is not loaded (${asked})`);
  await check(await page.locator('.qi[aria-current] .nm').innerText() === names[2], 'the row beside which they stand is lit');
  await check(page.url().includes('look=') && await inFocus() === names[2], 'the address says so, and the focus stays');
  await keys('Enter');
  await page.locator('#composer').waitFor();
  await check((await words()).includes('Can I contact'), 'Enter opens the account beside the list');
  await keys('a');
  await page.getByText('Give back').waitFor();
  await check(true, 'A takes it');
}

async function callsAndWrapsUp() {
  await page.goto(`${base}/queue?see=none`).catch(() => 0);
  await page.goto(`${base}/accounts/${callable}`);
  await keys('w');
  await arrives('**/why*');
  await check((await words()).length > 200, 'W says why');
  await page.goBack();
  await Promise.all([arrives('**/call*'), keys('c')]);
  await check((await words()).includes('Show the number'), 'C opens the call');
  await tabTo('form[action$="/call"] button');
  await Promise.all([page.waitForNavigation(), keys('Enter')]);
  for (const _ of [1, 2]) { if (await tabTo('input[name=identity]:not(:checked)')) await keys('Space'); }
  await Promise.all([arrives('**/wrap-up*'), keys('Control+Enter')]);
  const person = page.locator('input[name=with][value=person]');
  if (!(await person.isChecked())) await keys('1');
  const happened = await page.locator('[data-keys=happened] input').evaluateAll((all) => all.map((a) => a.value));
  await keys(String(happened.indexOf('promise') + 1));
  await check(await page.locator('input[name=happened][value=promise]').isChecked(), 'a number key says what happened');
  await tabTo('input[name=amount]');
  await page.keyboard.type('20');
  await tabTo('input[name=by]');
  await page.keyboard.type('11272026');
  await tabTo('textarea[name=note]');
  await page.keyboard.type('Pays on Fridays.');
  await check((await words()).includes('Friday, November 27'), 'what the person will read is shown before it is saved');
  await Promise.all([page.waitForNavigation(), keys('Control+Enter')]);
  await check(/[Pp]romise/.test(await words()), 'Ctrl+Enter saves, and says so');
}

async function notes() {
  await page.goto(`${base}/accounts/${other}`);
  await keys('n');
  await page.keyboard.type('Rang on Thursday about the second invoice.');
  await Promise.all([page.waitForNavigation(), keys('Control+Enter')]);
  await check((await words()).includes('Rang on Thursday'), 'N takes a note');
}

async function agreesAPlan() {
  await Promise.all([arrives('**/plan*'), keys('p')]);
  await tabTo('select[name=every]');
  await page.keyboard.type('every month');
  await tabTo('input[name=months]');
  await page.keyboard.type('3');
  await page.locator('#plans .w-options a').first().waitFor();
  if (!(await page.locator('#plan a.btn.p').count())) {
    await tabTo('#plans .w-options a');
    await Promise.all([page.waitForNavigation(), keys('Enter')]);
  }
  await tabTo('#plan a.btn.p');
  await Promise.all([arrives('**/plan/check*'), keys('Enter')]);
  if (await page.locator('input[name=agreed_by]:checked').count() === 0) { await tabTo('input[name=agreed_by]'); await keys('Space'); }
  await Promise.all([page.waitForNavigation(), keys('Control+Enter')]);
  await check(/[Pp]lan \d+|agreed/.test(await words()) && !page.url().includes('/plan/check'), 'P, and Ctrl+Enter agree a plan');
}

async function putsOffAndTakesBack() {
  await Promise.all([arrives('**/queue*'), keys('g', 'q')]);
  await check((await words()).includes('Work queue'), 'G Q goes back to the queue');
  for (let i = 0; i < 12; i += 1) { // one that nobody has yet
    await keys('j');
    if (await page.evaluate(() => !document.activeElement.closest('.qrow').querySelector('.av'))) break;
  }
  await keys('s');
  await check(await page.evaluate(() => document.activeElement.matches('[data-until]')), 'S asks until when');
  await page.keyboard.type('Tom');
  await tabTo('button[value=snooze]');
  // a row that is looked at changes the address, too: what is waited for is what is said
  await keys('Enter');
  await page.getByRole('button', { name: /Undo/ }).first().waitFor();
  await check(true, 'Enter puts it off');
  await keys('z');
  await page.getByText('Undone').first().waitFor();
  await check(true, 'Z takes it back');
}

async function finds() {
  await keys('/');
  await page.keyboard.type(callable);
  await Promise.all([arrives(`**/accounts/${callable}*`), keys('Enter')]);
  await check(true, 'a reference in the search box leads to its account');
  await keys('?');
  await page.locator('dialog[open]').waitFor();
  await check((await page.locator('dialog[open]').innerText()).includes('Undo'), '? tells all keys');
  await keys('Escape');
}

let callable = '', other = '';
try {
  await signsIn();
  await takesTheFirst();
  // somebody who may be called now, from the list
  const hrefs = await page.locator('.qrow:has(use[href="#i-phone"]) .qi').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  for (const href of hrefs) {
    const reference = (href.match(/open=([^&]+)/) || href.match(/\/accounts\/([^?/]+)/) || [])[1];
    if (!reference) continue;
    const reply = await page.request.get(`${base}/accounts/${reference}/call`);
    if ((await reply.text()).includes('Show the number')) { callable = reference; break; }
  }
  other = 'B-20001'; // a firm that owes, and whom no rule stops
  await check(callable !== '', 'somebody in the list may be called now');
  await callsAndWrapsUp();
  await notes();
  await agreesAPlan();
  await putsOffAndTakesBack();
  await finds();
} finally {
  await page.screenshot({ path: process.env.PICTURE || '/dev/null' }).catch(() => 0);
  await browser.close();
}
results.end();
