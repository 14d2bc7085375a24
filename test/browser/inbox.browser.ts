import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type LocalStack, startLocal } from '../end-to-end/local-stack.ts';
import { openPage, startBrowser } from './browser.ts';

const HOSTILE =
  '<img src=x onerror="document.title=\'owned\'">"><script>document.title="owned"</script>\u202e</script>';

let stack: LocalStack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startLocal(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

test('a click appears in the open inbox with its whole payload', async () => {
  const { page, wrong } = await openPage(browser);
  await page.goto(`${stack.url}/inbox`);
  await page.getByText('No deliveries yet').waitFor();
  await stack.click('/hello?from=inbox');
  const entry = page.locator('article').first();
  await entry.waitFor();
  expect(JSON.parse((await entry.locator('pre').textContent()) ?? '')).toMatchObject({
    event: 'click',
    click: { params: { from: 'inbox' } },
  });
  await page.reload();
  await page.getByRole('heading', { name: 'POST /inbox/clicks' }).waitFor();
  await page.getByText('1 request.').waitFor();
  expect(wrong).toEqual([]);
});

test('hostile names, referrers, user agents and webhook URLs appear as text, also when they were recorded earlier', async () => {
  const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/', name: HOSTILE });
  const hook = `${stack.url}/inbox/${encodeURIComponent('<img src=x onerror=alert(1)>')}`;
  await stack.call('POST', `/link/${link.id}/webhooks`, { url: hook });
  const { page, wrong } = await openPage(browser);
  await page.goto(`${stack.url}/inbox`);
  const agent = '<script>document.title="owned"</script>';
  await stack.click(`${link.slug}?q=${encodeURIComponent(HOSTILE)}`, {
    headers: { referer: `https://example.com/"><script>`, 'user-agent': agent },
  });
  await page.getByText('onerror=alert(1)').waitFor();
  for (const round of ['live', 'stored']) {
    if (round === 'stored') await page.reload();
    const shown = page.locator('pre').filter({ hasText: 'onerror' }).first();
    await shown.waitFor();
    expect(JSON.parse((await shown.textContent()) ?? '').link.name).toBe(HOSTILE);
    expect(await page.title()).toBe('Inbox');
    expect(await page.locator('img').count()).toBe(0);
  }
  expect(wrong).toEqual([]);
});
