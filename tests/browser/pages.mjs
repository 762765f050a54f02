// Walks every link of the console, as each user, and looks at each page once in both themes.
import { launch, open, overhang, Results, signIn, violations } from './console.mjs';

const [base] = process.argv.slice(2);
const USERS = ['priya', 'rosa', 'helen', 'ada'];
const MOST = 150;     // pages for each user
const OF_A_KIND = 2;  // pages of one shape are opened this often, the first of them looked at closely

// "/accounts/FH-1?tab=money" and "/accounts/FH-2?tab=money" are of one shape.
function shape(url) {
  const path = url.pathname.split('/').map((piece) => (/\d/.test(piece) ? '#' : piece)).join('/');
  const tab = url.searchParams.get('tab');
  return path + (tab ? `?tab=${tab}` : [...url.searchParams.keys()].length ? '?' : '');
}

// How often a page of each shape was opened, and looked at closely, whoever saw it. What the rail and
// the first page of each user lead to is opened for each of them.
const opened = new Map(), close = new Map();

// The page of a firm, which the walk comes by only when one is among the first accounts.
async function firm(page) {
  await page.goto(`${base}/accounts?kind=firms`);
  const link = await page.$eval('main a[href^="/accounts/"]', (a) => a.getAttribute('href'));
  return link.replace('/accounts/', '/customers/');
}

async function walk(browser, user, results) {
  const page = await open(browser, { width: 1024, height: 900 });
  const said = [];
  page.on('console', (m) => m.type() === 'error' && said.push(`${m.text()} ${m.location().url}`));
  await signIn(page, base, user);
  const waiting = user === USERS[0] ? ['/', await firm(page)] : ['/'], seen = new Set(waiting);
  for (let count = 0; waiting.length && count < MOST; count += 1) {
    const path = waiting.shift();
    const where = `${user} ${path}`;
    said.length = 0;
    const reply = await page.goto(base + path);
    if (!(reply.headers()['content-type'] || '').startsWith('text/html')) continue;
    results.check(reply.status() === 200, `${where} answers`, [`${reply.status()}`]);
    results.check((await overhang(page)) <= 0, `${where} fits 1024 pixels`);
    results.check(!said.length, `${where} is accepted by its policy`, said);
    results.check(await page.title(), `${where} has a title`);
    const kind = shape(new URL(base + path));
    close.set(kind, (close.get(kind) || 0) + 1);
    if (close.get(kind) === 1) {
      const found = await violations(page);
      results.check(!found.length, `${where} in the light theme`, found);
      // a theme is a set of colours, and nothing else
      await page.emulateMedia({ colorScheme: 'dark' });
      const faint = await violations(page, ['color-contrast', 'link-in-text-block']);
      results.check(!faint.length, `${where} in the dark theme`, faint);
      await page.emulateMedia({ colorScheme: 'light' });
    }
    // those in charts as well, whose href is no text
    const links = await page.$$eval('a[href]:not([download])', (all) =>
      all.map((a) => new URL(a.getAttribute('href'), a.baseURI).href));
    for (const link of links) {
      const url = new URL(link);
      const next = url.pathname + url.search;
      if (url.origin !== base || seen.has(next) || /(\.|\/)(csv|json|pdf|zip|svg)$/.test(url.pathname)) continue;
      const kind = shape(url);
      if (count > 0 && (opened.get(kind) || 0) >= OF_A_KIND) continue;
      opened.set(kind, (opened.get(kind) || 0) + 1);
      seen.add(next);
      waiting.push(next);
    }
  }
  await page.context().close();
}

const results = new Results();
const browser = await launch();
try {
  await Promise.all(USERS.map((user) => walk(browser, user, results)));
} finally {
  await browser.close();
}
results.end();
