// What every page says to somebody who does not see it, in both languages.
import { after, before, test } from 'node:test';
import { says } from './aria.mjs';
import { LANGUAGES, browser, clinic } from './clinic.mjs';

let demo, chrome;
before(async () => { demo = await clinic(); chrome = await browser(); });
after(async () => { await chrome?.close(); await demo?.stop(); });

// The papers that came last are read while the demo begins.
async function untilRead(page) {
  for (let tries = 0; tries < 300; tries++) {
    const { waiting, running } = await (await page.request.get(`${demo.address}/healthz`)).json();
    if (waiting + running === 0) return;
    await page.waitForTimeout(500);
  }
}

for (const language of LANGUAGES) {
  test(`what the pages say, ${language}`, async () => {
    const anybody = await chrome.person(demo.address, { language });
    for (const [name, path] of [['send', '/send'], ['sign-in', '/sign-in'], ['absent', '/nothing']]) {
      await anybody.page.goto(demo.address + path);
      await says(anybody.page, `${name}-${language}`);
    }
    await anybody.close();
    const lin = await chrome.person(demo.address, { language, login: 'lin' });
    await untilRead(lin.page);
    await lin.page.goto(`${demo.address}/worklist?view=all`);
    const href = await lin.page.locator('.rows tbody tr', { hasText: '徐' }).getAttribute('data-href');
    await says(lin.page, `worklist-${language}`);
    for (const part of ['desk', 'reply', 'history']) {
      await lin.page.goto(`${demo.address}${href}/${part}`);
      await says(lin.page, `${part}-${language}`);
    }
    // The page of the patient's link, and that of sending more.
    await lin.page.goto(`${demo.address}${href}/reply`);
    await lin.page.click('button[value=link]');
    const link = await lin.page.locator('.links .code a').getAttribute('href');
    await lin.close();
    const patient = await chrome.person(demo.address, { language });
    await patient.page.goto(demo.address + link);
    await says(patient.page, `link-${language}`);
    await patient.page.goto(demo.address + link);
    await patient.page.click('main button.go');
    await patient.page.locator('.steps').waitFor();
    await says(patient.page, `status-${language}`);
    await patient.page.goto(`${demo.address}${link}/add`);
    await says(patient.page, `send-more-${language}`);
    await patient.close();
    const chen = await chrome.person(demo.address, { language, login: 'chen' });
    for (const part of ['sheet', 'summary']) {
      await chen.page.goto(`${demo.address}${href}/${part}?lang=${language}`);
      await says(chen.page, `${part}-${language}`);
    }
    await chen.close();
    const admin = await chrome.person(demo.address, { language, login: 'admin' });
    for (const path of ['people', 'keeping', 'access', 'health']) {
      await admin.page.goto(`${demo.address}/${path}`);
      await says(admin.page, `${path}-${language}`);
    }
    await admin.close();
  });
}
