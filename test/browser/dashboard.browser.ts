import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type LocalStack, startLocal } from '../end-to-end/local-stack.ts';
import { openPage, startBrowser } from './browser.ts';

const KEY = 'ck_local';

let stack: LocalStack;
let browser: Browser;
let page: Page;
let wrong: string[];

beforeAll(async () => {
  [stack, browser] = await Promise.all([startLocal(), startBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, 90_000);

beforeEach(async () => {
  ({ page, wrong } = await openPage(browser));
  await page.goto(`${stack.url}/app`);
});

afterEach(async () => {
  await page.context().close();
  expect(wrong).toEqual([]);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });

async function signIn(key = KEY): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await button('Sign in').click();
}

/** Bodies that the inbox has got at a path, newest first. */
async function inboxAt(path: string): Promise<any[]> {
  const answer = await fetch(`${stack.url}/inbox`, { headers: { accept: 'application/json' } });
  const requests = (await answer.json()) as { path: string; body: unknown }[];
  return requests.filter((one) => one.path === path).map(({ body }) => body);
}

async function firstAt(path: string): Promise<any> {
  for (;;) {
    const [body] = await inboxAt(path);
    if (body) return body;
  }
}

describe('signing in', () => {
  test('with a wrong key says so and keeps nothing', async () => {
    await signIn('ck_wrong');
    await page.getByText('This key opens nothing here').waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });

  test('lasts over a reload, which keeps the place, and ends with signing out', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    await heading('Settings').waitFor();
    await page.reload();
    await heading('Settings').waitFor();
    await button('Sign out').click();
    await page.getByLabel('API key').waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });
});

describe('the set-ups of the product', () => {
  test('Links, a link, the Webhooks section, one URL per line, Save Link: a click arrives', async () => {
    const { body: link } = await stack.call('POST', '/link', {
      url: 'https://example.com/',
      name: 'Campaign',
    });
    await signIn();
    await page.getByRole('link', { name: 'Campaign' }).click();
    const hooks = page.getByLabel('Webhook URLs, one per line');
    await hooks.fill(`${stack.url}/inbox/one\n${stack.url}/inbox/two`);
    await button('Save Link').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await stack.click(`${link.slug}?from=browser`);
    for (const path of ['/inbox/one', '/inbox/two']) {
      expect(await firstAt(path)).toMatchObject({
        event: 'click',
        link: { name: 'Campaign' },
        click: { params: { from: 'browser' } },
      });
    }
  });

  test('Settings, Webhooks, one URL per line, Save Settings: clicks of all links arrive', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    const hooks = page.getByLabel('Webhook URLs, one per line');
    await hooks.fill(`${await hooks.inputValue()}\n${stack.url}/inbox/all`);
    await button('Save Settings').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await stack.click('/hello');
    expect(await firstAt('/inbox/all')).toMatchObject({ link: { slug: '/hello' } });
  });

  test('work by keyboard alone', async () => {
    await page.getByLabel('API key').waitFor();
    await page.keyboard.type(KEY);
    await page.keyboard.press('Enter');
    await heading('Links').waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab');
        if ((await focused()) === name) return;
      }
      throw new Error(`No way by Tab to ${name}`);
    };
    await tabTo('New link');
    await page.keyboard.press('Enter');
    await heading('New link').waitFor();
    await page.getByLabel('Destination').focus();
    await page.keyboard.type('https://example.com/keyboard');
    await tabTo('Save Link');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/app\/links\/\d+$/);
  });
});

describe('a link', () => {
  test('with a bad URL on line 2 says which line it is, and saves nothing', async () => {
    const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/', name: 'Lines' });
    await signIn();
    await page.getByRole('link', { name: 'Lines' }).click();
    await page.getByLabel('Webhook URLs, one per line').fill(`${stack.url}/inbox/ok\nhttp://10.0.0.1/`);
    await button('Save Link').click();
    await page.getByText(/^line 2 must not lead to a private/).waitFor();
    expect((await stack.call('GET', `/link/${link.id}`)).body.webhooks).toEqual([]);
  });

  test('is deleted to the trash, and taken out of it again', async () => {
    const { body: link } = await stack.call('POST', '/link', {
      url: 'https://example.com/',
      slug: '/trashed',
    });
    await signIn();
    await button('Delete /trashed').click();
    await page.getByText('/trashed is in the trash.').waitFor();
    expect((await stack.call('GET', `/link/${link.id}`)).body.deleted).toBe(true);
    await button('Undo').click();
    await button('Delete /trashed').waitFor();
    expect((await stack.call('GET', `/link/${link.id}`)).body).toMatchObject({
      deleted: false,
      enabled: true,
    });
  });

  test('asks before changes are lost', async () => {
    await signIn();
    await button('New link').click();
    await page.getByLabel('Destination').fill('https://example.com/unsaved');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      if (asked.length === 1) dialog.dismiss();
      else dialog.accept();
    });
    await page.getByRole('link', { name: 'Settings' }).click();
    await heading('New link').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await heading('Settings').waitFor();
    expect(asked).toHaveLength(2);
  });

  test('of hostile texts shows them as texts', async () => {
    const hostile =
      '"><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202e';
    await stack.call('POST', '/link', { url: 'https://example.com/', slug: '/hostile', name: hostile });
    await signIn();
    const link = page.getByRole('link', { name: hostile });
    await link.click();
    await heading(hostile).waitFor();
    expect(await page.title()).toBe('Clickhook');
  });
});
