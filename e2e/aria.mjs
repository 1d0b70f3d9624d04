// What a page says to somebody who does not see it, kept in e2e/aria and compared. UPDATE_ARIA=1 writes it anew.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'aria');

// Days, times and what is counted from today differ from run to run; so do codes and secrets. Of what repeats the first is enough.
function quieten() {
  const only = (within, items) => document.querySelectorAll(within).forEach((of) => of.querySelectorAll(items).forEach((item, place) => { if (place > 0) item.remove(); }));
  document.querySelectorAll('.clock').forEach((of) => { of.textContent = 'CLOCK'; of.removeAttribute('title'); });
  document.querySelectorAll('time, .today dd, .views b').forEach((of) => { of.textContent = 'N'; });
  document.querySelectorAll('figure.course').forEach((of) => { of.textContent = 'COURSE'; });
  // Answers to criteria change with the age of the papers.
  document.querySelectorAll('.report-body section:not(#course, #facts, #papers, #documents) > *:not(h2), .brief-sets, .brief-reasons, .brief-trials, .brief-asks, .brief-warnings, .brief ~ .hint, .brief .hint').forEach((of) => of.remove());
  for (const [within, items] of [['.rows tbody', 'tr'], ['.report-body tbody', 'tr'], ['.plain-table tbody', 'tr'], ['.ask-blocks', 'li'], ['.history', 'li'], ['.fact-rows', ':scope > li'], ['.strip ol', 'li'], ['datalist', 'option'], ['select[name=diagnosis]', 'option'], ['select[name=set]', 'option'], ['.brief-values', 'li']]) only(within, items);
}

function plain(text) {
  return `${text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/g, 'CODE')
    .replace(/\/assets\/[0-9a-f]+\//g, '/assets/')
    .replace(/\/(status|setup)\/[0-9a-f]+/g, '/$1/TOKEN')
    .replace(/(code|代码|验证码)(:|：)? ?\d{6}\b/gi, '$1 SECRET')
    .replace(/(password|密码) \S+/g, '$1 SECRET')
    .replace(/\d{4}-\d{2}(-\d{2})?( \d{2}:\d{2})?/g, 'DATE')
    .replace(/\bf\d+\b/g, 'fN')
    .replace(/(?<![A-Za-z0-9]|level=)\d+/g, 'N')}\n`;
}

// A line of each that the other has not, by the longest common sequence.
function difference(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const lines = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) { i++; j++; }
    else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) lines.push(`- ${a[i++]}`);
    else lines.push(`+ ${b[j++]}`);
  }
  return lines.join('\n');
}

// Compares what the page says with what it said before.
export async function says(page, name) {
  await page.evaluate(quieten);
  const now = plain(await page.locator('body').ariaSnapshot());
  const file = join(FOLDER, `${name}.yml`);
  if (process.env.UPDATE_ARIA) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, now);
    return;
  }
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  assert.ok(before === now, `e2e/aria/${name}.yml says something else (UPDATE_ARIA=1 node --test e2e/aria.test.mjs writes it anew):\n${difference(before, now)}`);
}
