import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type LocalStack, startLocal } from '../end-to-end/local-stack.ts';
import { startReceiver } from '../end-to-end/receiver.ts';
import { openPage, startBrowser } from './browser.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PHONE = { width: 360, height: 700 };
const DESK = { width: 1100, height: 800 };

let stack: LocalStack;
let browser: Browser;
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  [stack, browser] = await Promise.all([startLocal(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** The violations that axe-core finds on a page, and whether the page is wider than its window. */
async function findings(page: Page): Promise<unknown> {
  const violations = await page.evaluate(
    `${axe};
    axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
  );
  return { violations, tooWide: await page.evaluate('document.documentElement.scrollWidth > innerWidth') };
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

/** A link with public statistics: three clicks of people, from long and short referrers, and one of a bot. */
async function popularLink(): Promise<{ full_url: string }> {
  const receiver = await startReceiver();
  const link = { url: 'https://example.com/', public_analytics: true, webhooks: receiver.url };
  const { body } = await stack.call('POST', '/link', link);
  const host = `${'a-very-long-name-of-a-host.'.repeat(6)}example`;
  for (const headers of [
    { 'user-agent': CHROME, referer: `https://${host}/` },
    { 'user-agent': CHROME, referer: 'https://news.example/' },
    { 'user-agent': CHROME },
    { 'user-agent': 'curl/8.5.0' },
  ] as Record<string, string>[])
    await stack.click(body.slug, { headers });
  // A click is in the log before its webhook is called.
  await receiver.waitFor(4);
  await receiver.close();
  return body;
}

const CLEAN = { violations: [], tooWide: false };

/** Every page, with the steps that lead to it from the page before. */
const STEPS: [string, (page: Page) => Promise<unknown>][] = [
  ['sign in', (page) => page.getByLabel('API key').waitFor()],
  [
    'sign in, refused',
    async (page) => {
      await page.getByLabel('API key').fill('ck_wrong');
      await page.keyboard.press('Enter');
      await page.getByText("That API key isn't valid").waitFor();
    },
  ],
  [
    'links',
    async (page) => {
      await page.getByLabel('API key').fill('ck_local');
      await page.keyboard.press('Enter');
      await page.getByRole('table').waitFor();
    },
  ],
  [
    'QR code',
    async (page) => {
      await page
        .getByRole('button', { name: /^QR code/ })
        .first()
        .click();
      await page.getByRole('img', { name: /^QR code/ }).waitFor();
    },
  ],
  [
    'a link, with an error',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Hello' }).click();
      await page.getByRole('button', { name: 'Add rule' }).click();
      await page.getByText('Payload, API and signature').click();
      await page.getByRole('button', { name: 'Save Link' }).click();
      await page.getByText('Nothing was saved').waitFor();
    },
  ],
  [
    'settings',
    async (page) => {
      page.once('dialog', (dialog) => dialog.accept());
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByText('used by this tab').waitFor();
    },
  ],
];

describe.each(['light', 'dark'] as const)('in a %s scheme', (colorScheme) => {
  test.each([
    ['desk', DESK],
    ['phone', PHONE],
  ])(
    'no page of the dashboard has a violation on a %s or is wider than the screen',
    async (_name, viewport) => {
      const { page } = await openPage(browser, { colorScheme, viewport });
      await page.goto(`${stack.url}/app`);
      const seen: Record<string, unknown> = {};
      for (const [name, act] of STEPS) {
        await act(page);
        seen[name] = await findings(page);
      }
      expect(seen).toEqual(Object.fromEntries(STEPS.map(([name]) => [name, CLEAN])));
      await page.context().close();
    },
  );

  test.each([PHONE, { width: 1_440, height: 900 }])(
    'the page with public statistics has no violation and fits at $width pixels, with its table open',
    async (viewport) => {
      const { full_url } = await popularLink();
      const { page, wrong } = await openPage(browser, { colorScheme, viewport });
      await page.goto(`${full_url}+`);
      await page.getByText('Clicks per day as a table').click();
      await page.getByRole('cell', { name: '3', exact: true }).first().waitFor();
      expect(await findings(page)).toEqual(CLEAN);
      // The policy of the page allows all that it needs.
      expect(wrong).toEqual([]);
      await page.context().close();
    },
  );

  test.each([
    ['the inbox', '/inbox'],
    ['an unknown link', '/nothing'],
    ['a link with a password', '/secret'],
  ])('%s has no violation on a phone', async (_name, path) => {
    await stack.call('POST', '/link', {
      url: 'https://example.com/',
      slug: '/secret',
      password: 'hunter two',
    });
    await stack.click('/hello');
    const { page } = await openPage(browser, { colorScheme, viewport: PHONE });
    await page.goto(stack.url + path);
    expect(await findings(page)).toEqual(CLEAN);
    await page.context().close();
  });
});
