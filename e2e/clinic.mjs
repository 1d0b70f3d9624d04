// The example clinic and a browser, for the tests and for the pictures in the documents.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
export const LANGUAGES = ['en', 'zh'];

// Starts `cartulary demo` on a free port; gives its address and how to stop it.
export async function clinic() {
  const binary = process.env.CARTULARY_BIN ?? 'target/debug/cartulary';
  const child = spawn(binary, ['demo', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  const address = await new Promise((found, failed) => {
    child.stderr.on('data', (text) => {
      told += text;
      const at = told.match(/(http:\/\/127\.0\.0\.1:\d+)\//);
      if (at) found(at[1]);
    });
    child.on('exit', (code) => failed(new Error(`the demo ended with ${code}: ${told}`)));
  });
  const stop = () => new Promise((done) => { child.on('exit', done); child.kill('SIGTERM'); });
  return { address, stop, told: () => told };
}

// A browser that reaches nothing but this machine.
export async function browser() {
  const folder = mkdtempSync(join(tmpdir(), 'cartulary-e2e-'));
  const open = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const shared = open.browser();
  return {
    // A person with a browser of their own: size, language, and who they are.
    async person(address, { size = SIZES.wide, language = 'en', login = null, scripts = true } = {}) {
      const context = shared ? await shared.newContext({ viewport: size, javaScriptEnabled: scripts, locale: language === 'zh' ? 'zh-CN' : 'en-GB' }) : open;
      const page = await context.newPage();
      if (login) {
        await page.goto(`${address}/sign-in`);
        await page.locator(`input[value="${login}"] ~ button`).click();
        await page.waitForURL(/worklist|people/);
      }
      return { page, close: () => context.close() };
    },
    async close() {
      await open.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
