// A manager changes a strategy: by its form, by its text, step by step; with script and without.
import { launch, open, overhang, Results, signIn, violations } from './console.mjs';

const [base] = process.argv.slice(2);
const results = new Results();
const NAME = 'b2b-invoices';
const DRAFT = `${base}/strategies/${NAME}/draft`;
const field = (page, name) => page.locator(`[name="${name}"]`);
const text = (page) => page.inputValue('#strategy-text');
const words = async (page, where) => (await page.locator(where).first().textContent()).replace(/\s+/g, ' ').trim();

// How often an answer stood in the page; runs there.
function countAnswers() {
  window.answers = 0;
  document.addEventListener('htmx:after:swap', (event) => {
    const context = event.detail && event.detail.ctx;
    if (context && context.target && context.target.id === 'editor') window.answers += 1;
  });
}

// With script an answer is awaited; without one the button to look is pressed.
async function settle(page, script, act) {
  if (script) {
    const before = await page.evaluate(() => window.answers);
    await act();
    await page.waitForFunction((n) => window.answers > n, before);
    await page.waitForTimeout(250);
  } else {
    await act();
    await Promise.all([page.waitForLoadState('load'), page.getByRole('button', { name: 'Check without saving' }).click()]);
  }
}

async function press(page, script, name) {
  const button = page.getByRole('button', { name, exact: true });
  if (script) await settle(page, true, () => button.click());
  else await Promise.all([page.waitForLoadState('load'), button.click()]);
}

async function fill(page, script, name, value) {
  await settle(page, script, async () => {
    await field(page, name).fill(value);
    if (script) await page.keyboard.press('Tab');
  });
}

async function edits(browser, script) {
  const how = script ? 'with script' : 'without script';
  const page = await open(browser, { script });
  const said = [];
  page.on('console', (m) => m.type() === 'error' && said.push(m.text()));
  if (script) await page.addInitScript(countAnswers);
  await signIn(page, base, 'rosa');
  await page.goto(DRAFT);
  const live = await text(page);

  // a field changes its place in the text, and nothing else
  await fill(page, script, 'step.0.0.day.days', '9');
  results.check((await text(page)) === live.replace('after_due: 7,', 'after_due: 9,'), `${how}: a day goes into the text`);
  results.check((await words(page, '#ladder-1 >> xpath=../.. >> tbody')).includes('9 days after'), `${how}: the ladder shows it`);
  results.check((await words(page, '[role=status]')).includes('Not saved yet'), `${how}: it says that nothing is saved`);
  if (script) {
    results.check(await page.evaluate(() => document.activeElement.name) === 'step.0.0.day.side', `${how}: the keyboard stays where it was`);
  }
  await fill(page, script, 'step.0.0.when', 'open_minor > 100 && kind != "a: b # c"');
  results.check((await text(page)).includes('when: \'open_minor > 100 && kind != "a: b # c"\', channels'), `${how}: what is special stands in quotes`);
  results.check(!(await page.locator('#problems .tag.stop').count()), `${how}: and is no problem`);
  await fill(page, script, 'step.0.0.when', 'open_minr > 100');
  results.check((await words(page, '#problems')).includes('did you mean'), `${how}: a wrong fact is a problem`);
  results.check((await field(page, 'step.0.0.when').inputValue()) === 'open_minr > 100', `${how}: which stays in the form`);
  await fill(page, script, 'step.0.0.when', '');
  results.check((await text(page)) === live.replace('after_due: 7,', 'after_due: 9,'), `${how}: without a condition it is as before`);

  // channels, in their order
  await settle(page, script, () => field(page, 'step.0.0.channels').nth(2).selectOption('call'));
  results.check((await text(page)).includes('after_due: 9, channels: [email, letter, call],'), `${how}: one channel more`);
  await settle(page, script, () => field(page, 'step.0.0.channels').nth(0).selectOption(''));
  results.check((await text(page)).includes('after_due: 9, channels: [letter, call],'), `${how}: one less`);

  // steps come, go and move
  await press(page, script, 'Add a step after it: step 1');
  results.check((await field(page, 'step.0.1.id').inputValue()) === 'step_4' && (await field(page, 'step.0.1.day.days').inputValue()) === '11', `${how}: a new step lies between`);
  await press(page, script, 'Later: step 1');
  results.check((await field(page, 'step.0.1.id').inputValue()) === 'past_due' && (await field(page, 'step.0.1.day.days').inputValue()) === '11', `${how}: a step changes place and day with the next`);
  await press(page, script, 'Remove step 1');
  results.check((await field(page, 'step.0.0.id').inputValue()) === 'past_due', `${how}: a step is gone`);
  await fill(page, script, 'step.0.0.day.days', '20');
  results.check((await field(page, 'step.0.1.id').inputValue()) === 'past_due', `${how}: steps stand in the order of their days`);
  await press(page, script, 'large 7');
  results.check((await field(page, 'step.2.2.id').inputValue()) === 'early_call', `${how}: another ladder`);

  // the text changes the form; the form gives way
  const now = await text(page);
  await settle(page, script, async () => {
    await page.fill('#strategy-text', now.replace('id: early_call, after_due: 3', 'id: early_call, after_due: 4'));
    if (script) await page.locator('#strategy-text').blur();
  });
  results.check((await field(page, 'step.2.2.day.days').inputValue()) === '4', `${how}: the text changes the form`);
  if (!script) {
    await field(page, 'step.2.2.day.days').fill('6');
    await settle(page, false, async () => page.fill('#strategy-text', now.replace('id: early_call, after_due: 3', 'id: early_call, after_due: 5')));
    results.check((await words(page, '.editor .alert')).includes('The text counts') && (await field(page, 'step.2.2.day.days').inputValue()) === '5', `${how}: both changed, the text counts`);
  }
  await settle(page, script, async () => {
    await page.fill('#strategy-text', 'ladders: [');
    if (script) await page.locator('#strategy-text').blur();
  });
  results.check((await words(page, '.ed-form')).includes('no form of it') && (await words(page, '#problems')).includes('Problem'), `${how}: what is no text of a strategy has no form, and says why`);
  await settle(page, script, async () => {
    await page.fill('#strategy-text', now);
    if (script) await page.locator('#strategy-text').blur();
  });
  results.check((await field(page, 'step.2.2.day.days').inputValue()) === '3', `${how}: it comes back`);

  // who reaches it, with names
  if (!script) await Promise.all([page.waitForLoadState('load'), page.getByRole('button', { name: /^Count who/ }).click()]);
  await page.locator('#ladders details.who summary').first().waitFor();
  results.check(/\d+ accounts? reach|Nobody reaches/.test(await words(page, '.f-who')), `${how}: each step says who reaches it today`, [await words(page, '.f-who')]);
  const links = await page.locator('#ladders details.who').first().locator('a').count();
  results.check(links >= 1 && links <= 10, `${how}: with up to ten of them`);
  results.check((await text(page)) === now, `${how}: counting changes nothing`);
  results.check((await overhang(page)) <= 0, `${how}: it fits`);
  if (script) {
    const found = await violations(page);
    results.check(!found.length, `${how}: anybody can use it`, found);
  }

  // kept
  if (script) {
    await field(page, 'title').fill('Bills: "late" # firms');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Control+s')]);
  } else {
    await field(page, 'title').fill('Bills: "late" # firms');
    await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Save draft' }).click()]);
  }
  results.check((await words(page, 'main, body')).includes('Saved as a draft'), `${how}: it is kept`);
  results.check((await text(page)) === now.replace('title: Invoices to businesses, in our own name', 'title: \'Bills: "late" # firms\''), `${how}: with the field that was in hand`);
  results.check((await words(page, '#h-steps')).includes('large'), `${how}: and the same ladder`);
  if (script) {
    await field(page, 'order').focus();
    await Promise.all([page.waitForURL('**/compare'), page.keyboard.press('Control+Enter')]);
    await page.goto(DRAFT);
    results.check((await field(page, 'revision').first().inputValue()) === '2', `${how}: one key saves it once and compares`);
  }
  results.check(!said.length, `${how}: nothing is refused by the policy of the page`, said);
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Drop the draft' }).click()]);
  await page.context().close();
}

// An answer that comes late is not put over what was typed meanwhile.
async function typedOn(browser) {
  const page = await open(browser);
  await signIn(page, base, 'rosa');
  await page.goto(DRAFT);
  await page.locator('#ladders details.who summary').first().waitFor();
  await page.route('**/draft/try', async (route) => {
    await new Promise((done) => { setTimeout(done, 700); });
    await route.continue();
  });
  await field(page, 'title').fill('Late');
  const answer = page.waitForResponse((r) => r.url().endsWith('/draft/try'));
  await page.locator('#strategy-text').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# typed on');
  await answer;
  await page.waitForTimeout(300);
  results.check((await text(page)).endsWith('# typed on'), 'what is typed on stays', [(await text(page)).slice(-40)]);
  results.check((await field(page, 'title').inputValue()) === 'Late', 'and so does the field');
  await page.unroute('**/draft/try');
  results.check(!(await page.locator('#editor-stale').isVisible()), 'no trouble is told where there is none');
  for (const [what, answer] of [['nothing', (route) => route.abort()], ['another page', (route) => route.fulfill({ status: 403, contentType: 'text/html', body: '<p>no</p>' })]]) {
    await page.route('**/draft/try', answer);
    await field(page, 'title').fill(`Late, ${what}`);
    await page.keyboard.press('Tab');
    await page.locator('#editor-stale').waitFor({ state: 'visible' });
    results.check((await field(page, 'title').inputValue()) === `Late, ${what}`, `when ${what} comes back, nothing is lost`);
    await page.evaluate(() => { document.getElementById('editor-stale').hidden = true; });
    await page.unroute('**/draft/try');
  }
  let asked = '';
  page.on('dialog', (dialog) => { asked = dialog.type(); dialog.accept(); });
  await page.goto(`${base}/strategies`);
  results.check(asked === 'beforeunload', 'who leaves with something unsaved is asked');
  await page.context().close();
}

const browser = await launch();
try {
  await typedOn(browser);
  for (const script of [true, false]) await edits(browser, script);
} finally {
  await browser.close();
}
results.end();
