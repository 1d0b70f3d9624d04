// Pictures of the pages, for the documents and for the eye: node e2e/shots.mjs FOLDER [ADDRESS]
import { mkdirSync } from 'node:fs';
import { LANGUAGES, SIZES, browser, clinic } from './clinic.mjs';

const folder = process.argv[2] ?? 'out/shots';
mkdirSync(folder, { recursive: true });
const demo = process.argv[3] ? { address: process.argv[3], stop: async () => {} } : await clinic();
const chrome = await browser();

async function caseOf(page, code) {
  await page.goto(`${demo.address}/worklist?view=all`);
  return page.locator('.rows tbody tr', { hasText: code }).locator('a').first().getAttribute('href');
}

for (const language of LANGUAGES) {
  for (const [name, size] of Object.entries(SIZES)) {
    const shot = (page, what, full = false) => page.screenshot({ path: `${folder}/${what}-${language}-${name}.png`, fullPage: full });
    const sender = await chrome.person(demo.address, { size, language });
    await sender.page.goto(`${demo.address}/send`);
    await shot(sender.page, 'send', true);
    await sender.page.locator('#files').setInputFiles({ name: language === 'zh' ? '血常规.txt' : 'blood count.txt', mimeType: 'text/plain', buffer: Buffer.from('PLT 45 10^9/L 125-350\n') });
    await sender.page.locator('.file.kept').waitFor();
    await sender.page.fill('#name', language === 'zh' ? '苏晓' : 'A relative');
    await sender.page.check('input[name=relation][value=relative]');
    await sender.page.fill('#mail', 'relative@example.org');
    await sender.page.check('input[name=consent][value=care]');
    await sender.page.click('#go');
    await sender.page.locator('.sent').waitFor();
    await shot(sender.page, 'sent', true);
    await sender.page.click('.sent a.go');
    await sender.page.click('main button.go');
    await sender.page.locator('.steps').waitFor();
    await shot(sender.page, 'status', true);
    await sender.close();
    const lin = await chrome.person(demo.address, { size, language, login: 'lin' });
    await lin.page.goto(`${demo.address}/worklist?view=all`);
    await shot(lin.page, 'worklist');
    const href = await caseOf(lin.page, process.env.CASE ?? '徐');
    const at = href ?? await lin.page.locator('.rows tbody tr a').first().getAttribute('href');
    await lin.page.goto(`${demo.address}${at}/desk`);
    const first = lin.page.locator('.group:not(.who) .fact').nth(3);
    if (await first.count()) await first.click();
    await lin.page.waitForTimeout(400);
    await shot(lin.page, 'desk');
    await lin.page.goto(`${demo.address}${at}/reply`);
    await shot(lin.page, 'reply', true);
    await lin.page.goto(`${demo.address}${at}/history`);
    await shot(lin.page, 'history');
    await lin.page.goto(`${demo.address}/nothing`);
    await shot(lin.page, 'absent');
    await lin.close();
    const chen = await chrome.person(demo.address, { size, language, login: 'chen' });
    await chen.page.goto(`${demo.address}${at}/sheet`);
    await shot(chen.page, 'sheet');
    await chen.page.goto(`${demo.address}${at}/summary?lang=${language}`);
    await shot(chen.page, 'summary', true);
    await chen.close();
    const admin = await chrome.person(demo.address, { size, language, login: 'admin' });
    await admin.page.goto(`${demo.address}/people`);
    await shot(admin.page, 'people');
    await admin.close();
  }
}
await chrome.close();
await demo.stop();
