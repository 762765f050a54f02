// A new organisation, from the link of its first administrator to a loaded file and a second person who
// works; each with script, or without (`plain`).
//   node tests/browser/organisation.mjs BASE LINK FILE.csv [plain]
import { launch, open, Results } from './console.mjs';

const [base, link, file, plain] = process.argv.slice(2);
const how = plain ? 'without script' : 'with script';
const results = new Results();
const says = async (page, words) => (await page.locator('body').textContent()).replace(/\s+/g, ' ').includes(words);
const press = (page, name) => Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).first().click()]);
const check = async (page, words, what) =>
  results.check(await says(page, words), `${how}: ${what}`, [page.url(), (await page.locator('main').textContent()).replace(/\s+/g, ' ').slice(0, 300)]);

async function comesIn(page, path, password) {
  await page.goto(base + path);
  await press(page, /./);
  await page.fill('input[name=new_password]', password);
  await press(page, /./);
}

async function settings(page) {
  await page.goto(`${base}/admin`);
  await check(page, 'Open', 'what is still to do is told');
  await page.goto(`${base}/admin/settings`);
  await page.fill('input[name=email]', 'no address');
  await press(page, 'Save');
  results.check((await page.inputValue('input[name=email]')) === 'no address', `${how}: what was typed wrong stays`);
  await page.fill('input[name=email]', 'accounts@acme.example');
  await page.fill('[name=address]', '14 Larkspur Lane\nMadison, WI 53703');
  await page.fill('input[name=phone]', '(608) 555-0100');
  await press(page, 'Save');
  await page.goto(`${base}/admin/settings`);
  results.check((await page.inputValue('input[name=email]')) === 'accounts@acme.example', `${how}: the address is kept`);
  await page.goto(`${base}/admin/channels`);
  await press(page, /test|send/i);
  await check(page, 'put into the folder', 'an email to oneself leaves');
}

async function load(page) {
  await page.goto(`${base}/admin/imports`);
  await page.setInputFiles('input[type=file]', file);
  await press(page, 'Look into it');
  await check(page, 'Which column means what', 'the columns are guessed');
  await page.locator('[name="always.debtor.business"]').selectOption('true').catch(() => page.fill('[name="always.debtor.business"]', 'true'));
  await page.locator('[name="always.debtor.role"]').selectOption('first_party_creditor').catch(() => page.fill('[name="always.debtor.role"]', 'first_party_creditor'));
  await page.locator('[name="always.debt.currency"]').selectOption('EUR').catch(() => page.fill('[name="always.debt.currency"]', 'EUR'));
  await press(page, /^Check/);
  for (let i = 0; i < 60 && await says(page, 'You can leave this page'); i += 1) {
    await page.waitForTimeout(250);
    if (plain) await page.goto(page.url());
  }
  await check(page, 'Would add', 'what would happen is told');
  await press(page, /^Load \d+ rows/);
  for (let i = 0; i < 60 && await says(page, 'You can leave this page'); i += 1) {
    await page.waitForTimeout(250);
    if (plain) await page.goto(page.url());
  }
  await check(page, 'What was loaded', 'the file is loaded');
  await page.goto(`${base}/accounts`);
  await check(page, 'Harbour Café GmbH', 'its accounts are there');
}

async function second(page, browser) {
  await page.goto(`${base}/admin/users/new`);
  await page.fill('input[name=name]', 'Bob Moss');
  await page.fill('input[name=email]', 'bob@acme.example');
  await page.selectOption('select[name=role]', 'collector');
  await press(page, 'Add person');
  const shown = (await page.locator('body').innerHTML()).match(/\/sign-in\/link\/[0-9a-f]{64}/);
  results.check(shown, `${how}: a link for the second person is shown`);
  const bob = await open(browser, { script: !plain });
  await comesIn(bob, shown[0], 'a password of bob');
  await bob.goto(`${base}/queue`);
  await check(bob, 'Bob Moss', 'the second person is in');
  await bob.goto(`${base}/admin/users`);
  results.check(!(await says(bob, 'ann@acme.example')), `${how}: and sees no users`);
}

const browser = await launch();
try {
  const page = await open(browser, { script: !plain });
  await comesIn(page, link, 'a password of ann');
  await settings(page);
  await load(page);
  await second(page, browser);
} finally {
  await browser.close();
}
results.end();
