// The pages in a real browser: every page in both languages on a desk and a telephone without serious barriers, and the ways
// that people take through them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { LANGUAGES, SIZES, browser, clinic } from './clinic.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let demo, chrome;
before(async () => { demo = await clinic(); chrome = await browser(); });
after(async () => { await chrome?.close(); await demo?.stop(); });

// Barriers that keep somebody out, and what the page wrote to its console. The script comes in beside the page's policy.
/** Waits until something holds, for a minute. */
async function until(holds) {
  for (let tries = 0; tries < 120; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.fail('it did not come to hold within a minute');
}

async function look(page, name) {
  const found = await page.evaluate(async (source) => {
    (0, eval)(source);
    const result = await window.axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map((of) => ({ id: of.id, impact: of.impact, where: of.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)) }));
  }, axe);
  const grave = found.filter((of) => ['serious', 'critical'].includes(of.impact));
  assert.deepEqual(grave, [], `${name}: ${JSON.stringify(grave, null, 1)}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 1, `${name} is ${wide} px wider than the screen`);
}

async function hrefOf(page, words) {
  await page.goto(`${demo.address}/worklist?view=all`);
  return page.locator('.rows tbody tr', { hasText: words }).locator('a').first().getAttribute('href');
}

for (const language of LANGUAGES) {
  for (const [name, size] of Object.entries(SIZES)) {
    test(`pages for anybody, ${language}, ${name}`, async () => {
      const { page, close } = await chrome.person(demo.address, { size, language });
      const errors = [];
      page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('404')) errors.push(message.text()); });
      page.on('pageerror', (error) => errors.push(String(error)));
      for (const path of ['/send', '/sign-in', '/nothing']) {
        await page.goto(demo.address + path);
        assert.equal(await page.locator('html').getAttribute('lang'), language === 'zh' ? 'zh-Hans' : 'en');
        await look(page, path);
      }
      assert.deepEqual(errors, []);
      await close();
    });

    test(`pages of the department, ${language}, ${name}`, async () => {
      const lin = await chrome.person(demo.address, { size, language, login: 'lin' });
      const errors = [];
      lin.page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
      lin.page.on('pageerror', (error) => errors.push(String(error)));
      await look(lin.page, 'worklist');
      const href = await hrefOf(lin.page, '徐');
      for (const tab of ['desk', 'sheet', 'summary', 'reply', 'history']) {
        await lin.page.goto(`${demo.address}${href}/${tab}`);
        await look(lin.page, tab);
      }
      assert.deepEqual(errors, []);
      await lin.close();
      const admin = await chrome.person(demo.address, { size, language, login: 'admin' });
      for (const path of ['/people', '/keeping', '/access', '/health']) {
        await admin.page.goto(demo.address + path);
        await look(admin.page, path);
      }
      await admin.close();
    });
  }
}

const BLOODS = '血小板 PLT 45 10^9/L 125-350\n血红蛋白 HGB 92 g/L 130-175\n白细胞 WBC 3.10 10^9/L 3.5-9.5\n肌酐 CREA 69 umol/L 57-97\n';

test('a relative sends papers from a telephone and follows the case by its link', async () => {
  const { page, close } = await chrome.person(demo.address, { size: SIZES.phone, language: 'zh' });
  await page.goto(`${demo.address}/send`);
  await page.locator('#files').setInputFiles([
    { name: '病理.txt', mimeType: 'text/plain', buffer: Buffer.from('病理诊断：弥漫大B细胞淋巴瘤，非特指型\nCD20（+） Ki-67（约80%+）\n') },
    { name: '血常规.txt', mimeType: 'text/plain', buffer: Buffer.from(BLOODS) },
    { name: '血常规打印.html', mimeType: 'text/html', buffer: Buffer.from(`<pre>${BLOODS}</pre>`) },
  ]);
  await page.locator('.file.kept').nth(2).waitFor();
  await page.fill('#name', '测试家属');
  await page.check('input[name=relation][value=relative]');
  await page.fill('#mail', 'relative@example.org');
  await page.check('input[name=consent][value=care]');
  await page.click('#go');
  await page.locator('.sent').waitFor();
  const code = await page.locator('.code dd').textContent();
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await page.click('.sent a.go');
  await page.click('main button.go');
  await page.locator('.steps').waitFor();
  assert.match(await page.locator('main').textContent(), /病理\.txt/);
  // The department finds it by the code that is said on the telephone.
  const lin = await chrome.person(demo.address, { login: 'lin' });
  await lin.page.goto(`${demo.address}/worklist?q=${code}`);
  await lin.page.locator('.rows tbody th a').click();
  await lin.page.locator('.fact').first().waitFor({ timeout: 60_000 });
  assert.match(await lin.page.locator('.facts-side').textContent(), /45/);
  // The same sheet in other clothes is said, and nothing of it is left out.
  await until(async () => {
    await lin.page.reload();
    return /same sheet as D[23]/.test(await lin.page.locator('.strip').textContent());
  });
  await lin.close();
  await close();
});

test('sending works without scripts', async () => {
  const { page, close } = await chrome.person(demo.address, { scripts: false });
  await page.goto(`${demo.address}/send`);
  await page.locator('#files').setInputFiles({ name: 'report.txt', mimeType: 'text/plain', buffer: Buffer.from('PLT 45 x10^9/L') });
  await page.fill('#name', 'A Relative');
  await page.check('input[name=relation][value=self]');
  await page.fill('#phone', '+44 20 7946 0000');
  await page.check('input[name=consent][value=care]');
  await page.click('#go');
  await page.locator('.sent').waitFor();
  await close();
});

test('a coordinator checks facts by keyboard, corrects one, takes it back, and asks for papers', async () => {
  const { page, close } = await chrome.person(demo.address, { login: 'lin' });
  await page.goto(`${demo.address}/worklist?view=evaluated`);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('.desk').waitFor();
  const open = page.locator('.group:not(.who) .fact.read').first();
  const id = await open.getAttribute('id');
  await open.click();
  await page.locator(`.boxes polygon.lit[data-f="${id}"]`).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`#${id}.confirmed`).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('z');
  await page.locator(`#${id}.read`).waitFor();
  // Enter in the form of a correction corrects; it must never confirm what the machine read.
  const number = page.locator('.group:not(.who) .fact.read:has(.edit input[name=number])').first();
  const corrected = await number.getAttribute('id');
  await number.click();
  await page.keyboard.press('e');
  await page.locator(`#${corrected} input[name=number]`).fill('77');
  await page.keyboard.press('Enter');
  await page.locator(`#${corrected}.corrected`).waitFor();
  assert.match(await page.locator(`#${corrected} .fact-value`).textContent(), /77/);
  await page.locator('#undo-last').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.locator('#words').press('Control+Home');
  await page.keyboard.type('Typed by hand. ');
  await page.locator('#blocks input').first().check();
  await page.click('button[form=composer][value=blocks]');
  assert.match(await page.locator('#words').inputValue(), /^Typed by hand\. [^]*\n- /);
  await page.click('#templates button[value=call_us]');
  assert.match(await page.locator('#words').inputValue(), /^Typed by hand\. [^]*\n- [^]*\+86 21/);
  await page.keyboard.press('Control+Enter');
  await page.click('#composer button.go');
  await page.locator('.thread .ours').first().waitFor();
  await close();
});

test('what was typed into an answer stays when blocks are written into it, without scripts too', async () => {
  const { page, close } = await chrome.person(demo.address, { login: 'lin', scripts: false });
  await page.goto(`${demo.address}${await hrefOf(page, '沈')}/reply`);
  await page.fill('#words', 'Only what I typed <b>.');
  await page.locator('#blocks input').nth(1).check();
  await page.click('button[form=composer][value=blocks]');
  assert.match(await page.locator('#words').inputValue(), /^Only what I typed <b>\.\n\n[^]*\n- /);
  assert.ok(await page.locator('#blocks input').nth(1).isChecked());
  await close();
});

test('a physician sees what was handed over, decides with a reason, and signs', async () => {
  const { page, close } = await chrome.person(demo.address, { login: 'chen' });
  await page.goto(`${demo.address}/worklist?view=with_physician`);
  await page.locator('.rows tbody th a').first().click();
  await page.locator('.decide').waitFor();
  assert.equal(await page.locator('input[name=decision]:checked').count(), 0);
  const [, password, code] = (await page.locator('.decide .hint', { hasText: 'password' }).last().textContent()).match(/password (.+) · code (\d+)/);
  await page.check('input[name=decision][value=wait]');
  await page.fill('#reason', 'PET-CT first');
  await page.fill('#password', 'not the password');
  await page.fill('#code', code);
  await page.click('.decide button.go');
  await page.locator('.alarm').waitFor();
  assert.equal(await page.locator('.decided').count(), 0);
  await page.fill('#password', password);
  await page.fill('#code', code);
  await page.click('.decide button.go');
  await page.locator('.decided', { hasText: 'PET-CT first' }).waitFor();
  await close();
});

test('a case of somebody else opens with a reason only', async () => {
  const lin = await chrome.person(demo.address, { login: 'lin' });
  const href = await hrefOf(lin.page, '沈');
  await lin.close();
  const { page, close } = await chrome.person(demo.address, { login: 'chen' });
  await page.goto(demo.address + href);
  assert.ok(!(await page.textContent('main')).includes('沈'));
  await page.fill('#reason', 'on call tonight');
  await page.click('button.warn');
  await page.waitForURL(/desk|sheet/);
  await close();
});

test('the summary of every case is one page of paper, in both languages', async () => {
  const { page, close } = await chrome.person(demo.address, { login: 'lin' });
  await page.goto(`${demo.address}/worklist?view=all`);
  const cases = await page.locator('.rows tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.href));
  assert.ok(cases.length >= 15, `${cases.length} cases`);
  for (const href of cases) {
    for (const language of LANGUAGES) {
      await page.goto(`${demo.address}${href}/summary?lang=${language}`);
      assert.equal(await page.locator('html').getAttribute('lang'), language === 'zh' ? 'zh-Hans' : 'en');
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
      assert.equal(pages, 1, `${await page.title()} in ${language}: ${pages} pages`);
    }
  }
  await close();
});

test('a view is kept, opened by its name and taken away', async () => {
  const { page, close } = await chrome.person(demo.address, { login: 'lin', scripts: false });
  await page.goto(`${demo.address}/worklist?view=all`);
  await page.click('.filter-box summary');
  await page.selectOption('select[name=owner]', 'nobody');
  await page.click('.filter button');
  const rows = await page.locator('.rows tbody tr').count();
  await page.click('.keep-view summary');
  await page.fill('#view-name', 'Nobody’s');
  await page.click('.keep-view button');
  const own = page.locator('.own-views a', { hasText: 'Nobody’s' });
  assert.equal(await own.locator('b').textContent(), String(rows));
  await page.goto(`${demo.address}/worklist`);
  await own.click();
  assert.match(page.url(), /owner=nobody/);
  await page.click('.own-views button');
  assert.equal(await page.locator('.own-views').count(), 0);
  await close();
});

test('two people at the same desk see each other until one of them leaves', async () => {
  const lin = await chrome.person(demo.address, { login: 'lin' });
  const chen = await chrome.person(demo.address, { login: 'chen', language: 'zh' });
  await chen.page.goto(`${demo.address}/worklist?view=with_physician`);
  const href = await chen.page.locator('.rows tbody tr').first().getAttribute('data-href');
  await lin.page.goto(`${demo.address}${href}/desk`);
  assert.ok(await lin.page.locator('#here').isHidden());
  await chen.page.goto(`${demo.address}${href}/desk`);
  await lin.page.locator('#here', { hasText: /is also here/ }).waitFor();
  await chen.page.locator('#here', { hasText: /也在查看/ }).waitFor();
  await chen.page.goto(`${demo.address}/worklist`);
  await lin.page.locator('#here').waitFor({ state: 'hidden' });
  await chen.close();
  await lin.close();
});
