// "Why did you not call this person, and can you prove it?": from the log to one decision with its rule,
// citation and first lawful moment; the chain is checked; the evidence pack is taken and checks itself
// without recoup. With script and without.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, open, Results, signIn } from './console.mjs';

const [base] = process.argv.slice(2);
const results = new Results();

async function proof(browser, script) {
  const how = script ? 'with script' : 'without script';
  const page = await open(browser, { script });
  await signIn(page, base, 'helen');
  await page.goto(`${base}/compliance/log`);
  if (script) {
    await page.keyboard.press('v');
    await page.waitForLoadState();
  } else {
    await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Check now' }).click()]);
  }
  await page.getByText('records checked').waitFor();
  await page.selectOption('select[name=decision]', 'moved');
  await page.fill('input[name=day]', '2026-01-01');
  await page.fill('input[name=to]', '2026-11-20');
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Show', exact: true }).click()]);
  const stopped = page.locator('#log-rows tbody tr', { has: page.locator('.cite') }).first();
  const row = stopped.locator('a[data-row]');
  results.check(await row.count() === 1, `${how}: decisions that a rule moved are found`);
  const account = (await stopped.locator('td.mono a').textContent()).trim();
  await row.click();
  const path = `/d/${(await row.getAttribute('href')).match(/see=(\d+\.\d+)/)[1]}`;
  await page.locator(`#decision-detail a[href="${path}"]`).waitFor();
  await page.goto(base + path);
  const words = (await page.locator('main').textContent()).replace(/\s+/g, ' ');
  const source = (await page.locator('main .cite').first().textContent()).trim();
  results.check(source !== '' && words.includes('What would change'), `${how}: the decision names its source, and what would change it`, [words.slice(0, 300)]);
  const record = JSON.parse(await (await page.request.get(`${base}${path}/json`)).text());
  results.check(JSON.stringify(record).includes('"rule"'), `${how}: the record says which rules`);
  // the pack of this account, taken, unpacked and checked with nothing of ours around it
  await page.goto(`${base}/audit`);
  await page.locator('input[name=account]').fill(account);
  const [taken] = await Promise.all([page.waitForEvent('download'),
    page.locator('form', { hasText: 'Of an account' }).getByRole('button', { name: 'Make the pack' }).click()]);
  const folder = mkdtempSync(join(tmpdir(), 'recoup-pack-'));
  await taken.saveAs(join(folder, 'pack.zip'));
  execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
    join(folder, 'pack.zip'), join(folder, 'pack')]);
  let said = '';
  try {
    const at = execFileSync('find', [join(folder, 'pack'), '-name', 'check.py'], { encoding: 'utf8' }).trim();
    said = execFileSync('python3', ['-I', 'check.py'], { cwd: at.replace(/\/check\.py$/, ''), encoding: 'utf8', env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH } });
  } catch (failed) { said = `${failed.stdout || ''}${failed.message}`; }
  results.check(/PASS/.test(said), `${how}: the pack of ${account} checks itself`, [said.slice(0, 300)]);
  await page.context().close();
}

const browser = await launch();
try {
  for (const script of [true, false]) await proof(browser, script);
} finally {
  await browser.close();
}
results.end();
