import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type LocalStack, startLocal } from '../end-to-end/local-stack.ts';
import { openPage, startBrowser } from './browser.ts';

/** Takes the pictures of docs/screenshots: each page on a desktop and on a phone. */
const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const SIZES = { desk: { width: 1100, height: 800 }, phone: { width: 360, height: 700 } };

async function prepare(stack: LocalStack): Promise<void> {
  const links = [
    { url: 'https://example.com/spring', slug: '/spring', name: 'Spring sale', utm_campaign: 'spring-sale' },
    { url: 'https://example.com/jobs', slug: '/jobs', name: 'We are hiring' },
    {
      url: 'https://example.com/landing-page',
      slug: '/offer',
      name: 'Newsletter offer',
      utm_source: 'newsletter',
      webhooks: 'http://localhost:3000/inbox/crm',
      rules: [{ what: 'country', matches: 'US', url: 'https://example.com/us' }],
    },
  ];
  await stack.call('POST', '/workspace/1/links', links);
  for (const path of ['/offer', '/offer', '/spring']) await stack.click(path);
}

async function take(stack: LocalStack, browser: Browser, size: keyof typeof SIZES): Promise<void> {
  const { page } = await openPage(browser, { viewport: SIZES[size] });
  const shoot = (name: string) => page.screenshot({ path: `${FOLDER}${name}-${size}.png` });
  await page.goto(`${stack.url}/app`);
  await page.getByLabel('API key').fill('ck_local');
  await shoot('sign-in');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Newsletter offer' }).waitFor();
  await shoot('links');
  await page.getByRole('link', { name: 'Newsletter offer' }).click();
  await page.getByText('Webhook URLs').waitFor();
  await shoot('link');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('used by this tab').waitFor();
  await shoot('settings');
  await page.goto(`${stack.url}/inbox`);
  await page.locator('article').first().waitFor();
  await shoot('inbox');
  await page.context().close();
}

await mkdir(FOLDER, { recursive: true });
const [stack, browser] = await Promise.all([startLocal({ PORT: '3000' }), startBrowser()]);
await prepare(stack);
for (const size of ['desk', 'phone'] as const) await take(stack, browser, size);
await browser.close();
await stack.stop();
