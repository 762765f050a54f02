// Pictures of pages, to look at:
//   node tests/browser/picture.mjs http://127.0.0.1:8080 FOLDER USER PATH… [--dark] [--width N] [--plain]
// --plain: without script. Says what the accessibility checker finds, and what is too wide.
import { mkdirSync } from 'node:fs';
import { launch, open, overhang, signIn, violations } from './console.mjs';

const words = process.argv.slice(2);
const flag = (name) => { const at = words.indexOf(name); if (at < 0) return false; words.splice(at, 1); return true; };
const value = (name, otherwise) => { const at = words.indexOf(name); return at < 0 ? otherwise : words.splice(at, 2)[1]; };
const dark = flag('--dark');
const script = !flag('--plain');
const width = Number(value('--width', 1440));
const [base, folder, user, ...paths] = words;

mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  const page = await open(browser, { width, dark, script });
  page.on('console', (m) => m.type() === 'error' && console.log(`console: ${m.text()}`));
  if (user !== '-') await signIn(page, base, user);
  for (const path of paths) {
    const reply = await page.goto(base + path);
    const name = `${path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'first'}-${width}${dark ? '-dark' : ''}.png`;
    await page.screenshot({ path: `${folder}/${name}`, fullPage: true });
    const over = await overhang(page);
    console.log(`${reply.status()} ${path} ${folder}/${name}${over > 0 ? ` TOO WIDE by ${over} px` : ''}`);
    if (script) for (const found of await violations(page)) console.log(`  axe ${found}`);
  }
} finally {
  await browser.close();
}
