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
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

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

/** The bodies that the inbox has received at a path, newest first. */
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
  test('with a wrong key shows an error and stores nothing', async () => {
    await signIn('ck_wrong');
    await page.getByText("That API key isn't valid").waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });

  test('lasts over a reload on the same page and ends with signing out', async () => {
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

describe('the set-ups on the product page', () => {
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

  test('Settings, Webhooks, one URL per line, Save Settings: clicks on all links arrive', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    const hooks = page.getByLabel('Webhook URLs, one per line');
    await hooks.fill(`${await hooks.inputValue()}\n${stack.url}/inbox/all`);
    await button('Save Settings').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await stack.click('/hello');
    expect(await firstAt('/inbox/all')).toMatchObject({ link: { slug: '/hello' } });
  });

  test('work with the keyboard alone', async () => {
    await page.getByLabel('API key').waitFor();
    await page.keyboard.type(KEY);
    await page.keyboard.press('Enter');
    await heading('Links').waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if ((await focused()) === name) return;
      }
      throw new Error(`No way by Tab to ${name}`);
    };
    const tabToField = async (label: string) => {
      const field = page.getByLabel(label, { exact: true });
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (await field.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      }
      throw new Error(`No way by Tab to ${label}`);
    };
    await tabTo('New link');
    await page.keyboard.press('Enter');
    await heading('New link').waitFor();
    await tabToField('Destination');
    await page.keyboard.type('https://example.com/keyboard');
    await tabToField('Webhook URLs, one per line');
    await page.keyboard.type(`${stack.url}/inbox/keyboard`);
    await tabTo('Save Link');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/app\/links\/\d+$/);
    const { body } = await stack.call('GET', `/link/${page.url().split('/').at(-1)}`);
    expect(body.webhooks).toEqual([`${stack.url}/inbox/keyboard`]);
  });
});

describe('the list', () => {
  test('can be searched, sorted and paged', async () => {
    const many = Array.from({ length: 30 }, (_, number) => ({
      url: 'https://example.com/',
      name: `Many ${String(number).padStart(2, '0')}`,
    }));
    await stack.call('POST', '/workspace/1/links', many);
    await signIn();
    await page.getByLabel('Search').fill('many');
    await page.getByText('Page 1 of 2').waitFor();
    const names = () => page.getByRole('rowheader').getByRole('link').allTextContents();
    await page.getByRole('columnheader', { name: 'Link' }).getByRole('button').click();
    await page.getByRole('link', { name: 'Many 29' }).waitFor();
    expect((await names())[0]).toBe('Many 29');
    await page.getByRole('columnheader', { name: 'Link' }).getByRole('button').click();
    await page.getByRole('link', { name: 'Many 00' }).waitFor();
    await button('Next').click();
    await page.getByRole('link', { name: 'Many 25' }).waitFor();
    expect(await names()).toEqual(['Many 25', 'Many 26', 'Many 27', 'Many 28', 'Many 29']);
    await page.getByLabel('Search').fill('nothing like it');
    await page.getByText('No link contains this text in its name').waitFor();
  });

  test('of a workspace without links offers to create the first one', async () => {
    const made = await fetch(`${stack.url}/2015-03-31/functions/WorkspacesCreate/invocations`, {
      method: 'POST',
    });
    await signIn(((await made.json()) as { key: string }).key);
    await page.getByText('There are no links yet').waitFor();
    await page.getByRole('link', { name: 'Create a link' }).click();
    await heading('New link').waitFor();
  });

  test('disables and enables a link', async () => {
    const { body: link } = await stack.call('POST', '/link', {
      url: 'https://example.com/',
      slug: '/switch',
    });
    await signIn();
    await page.getByLabel('Search').fill('/switch');
    for (const on of [false, true]) {
      await page.locator('td .check', { hasText: 'Enabled: /switch' }).click();
      await expectEnabled(link.id, on);
      await page.getByRole('checkbox', { name: 'Enabled: /switch', checked: on }).waitFor();
    }
  });
});

/** Resolves in the page when an element has the focus. */
const focused = (element: any) =>
  new Promise<void>((resolve) => {
    const look = () => (element === element.ownerDocument.activeElement ? resolve() : setTimeout(look, 10));
    look();
  });

async function expectEnabled(id: number, on: boolean): Promise<void> {
  while ((await stack.call('GET', `/link/${id}`)).body.enabled !== on) await page.evaluate('document.title');
}

describe('a link', () => {
  test('with a bad URL on line 2 names that line and saves nothing', async () => {
    const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/', name: 'Lines' });
    await signIn();
    await page.getByRole('link', { name: 'Lines' }).click();
    await page.getByLabel('Webhook URLs, one per line').fill(`${stack.url}/inbox/ok\nhttp://10.0.0.1/`);
    await button('Save Link').click();
    await page.getByText('line 2 http://10.0.0.1/ must not point to a private').waitFor();
    await page.getByLabel('Webhook URLs, one per line').evaluate(focused);
    expect((await stack.call('GET', `/link/${link.id}`)).body.webhooks).toEqual([]);
  });

  test('is moved to the trash and restored', async () => {
    const { body: link } = await stack.call('POST', '/link', {
      url: 'https://example.com/',
      slug: '/trashed',
    });
    await signIn();
    await button('Delete /trashed').click();
    await page.getByText('/trashed was moved to the trash.').waitFor();
    expect((await stack.call('GET', `/link/${link.id}`)).body.deleted).toBe(true);
    await button('Undo').click();
    await button('Delete /trashed').waitFor();
    expect((await stack.call('GET', `/link/${link.id}`)).body).toMatchObject({
      deleted: false,
      enabled: true,
    });
  });

  test('asks before unsaved changes are lost', async () => {
    await signIn();
    await button('New link').click();
    await page.getByLabel('Destination', { exact: true }).fill('https://example.com/unsaved');
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

  test('keeps and shows the changes of another tab', async () => {
    const { body: link } = await stack.call('POST', '/link', {
      url: 'https://example.com/',
      name: 'Two tabs',
    });
    await signIn();
    await page.getByRole('link', { name: 'Two tabs' }).click();
    await page.getByLabel('Source').fill('mine');
    await stack.call('POST', '/link', { id: link.id, utm_medium: 'theirs', name: 'Renamed elsewhere' });
    await button('Save Link').click();
    await heading('Renamed elsewhere').waitFor();
    expect(await page.getByLabel('Medium').inputValue()).toBe('theirs');
    expect((await stack.call('GET', `/link/${link.id}`)).body).toMatchObject({
      utm_source: 'mine',
      utm_medium: 'theirs',
      name: 'Renamed elsewhere',
    });
  });

  test('saves its rules in the order they were moved to, and every other field as it was filled in', async () => {
    await signIn();
    await button('New link').click();
    await page.getByLabel('Destination', { exact: true }).fill('https://example.com/?a=1');
    await page.getByLabel('Campaign').fill('spring sale');
    expect(await page.locator('output').textContent()).toBe(
      'https://example.com/?a=1&utm_campaign=spring%20sale',
    );
    for (const [index, code] of ['US', 'DE'].entries()) {
      await button('Add rule').click();
      await page.getByLabel('Matches').nth(index).fill(code);
      await page.getByLabel('Redirect to').nth(index).fill(`https://example.com/${code}`);
    }
    await button('Move rule 2 up').click();
    await page.getByLabel('Expires at (your time)').fill('2030-01-31T12:00');
    await page.getByLabel('Expires after this many clicks').fill('9');
    await page.getByLabel('Title').fill('Offer');
    await page.getByRole('figure', { name: 'Preview' }).getByText('Offer').waitFor();
    await page.getByText('Block bots').click();
    await button('Save Link').click();
    await page.waitForURL(/\/app\/links\/\d+$/);
    const { body } = await stack.call('GET', `/link/${page.url().split('/').at(-1)}`);
    expect(body).toMatchObject({
      utm_campaign: 'spring sale',
      block_bots: true,
      expiry_clicks: 9,
      og_title: 'Offer',
      rules: [{ matches: 'DE' }, { matches: 'US' }],
    });
    expect(new Date(body.expiry_datetime).getFullYear()).toBe(2030);
  });

  test('sends a sample click to its webhooks and shows the payload', async () => {
    const fields = { url: 'https://example.com/', name: 'Sample', webhooks: `${stack.url}/inbox/sample` };
    await stack.call('POST', '/link', fields);
    await signIn();
    await page.getByRole('link', { name: 'Sample' }).click();
    await button('Send test click').click();
    await page.getByText('A sample click is on its way').waitFor();
    const got = await firstAt('/inbox/sample');
    await page.getByText('Payload, API and signature').click();
    const shown = JSON.parse((await page.locator('pre').first().textContent()) ?? '');
    // The example has a time and an id of its own.
    expect(Object.keys(shown.click)).toEqual(Object.keys(got.click));
    const { timestamp, click } = shown;
    expect(shown).toEqual({ ...got, timestamp, click: { ...got.click, id: click.id } });
  });

  test('shows hostile texts as text', async () => {
    const hostile =
      '"><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202e';
    await stack.call('POST', '/link', { url: 'https://example.com/', slug: '/hostile', name: hostile });
    await signIn();
    const link = page.getByRole('link', { name: hostile });
    await link.click();
    await heading(hostile).waitFor();
    const title = `${hostile} · Clickhook`;
    await page.waitForFunction(`document.title === ${JSON.stringify(title)}`);
  });
});

describe('settings', () => {
  test('keep the changes of another tab, including its webhooks', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Renamed here');
    const theirs = `${stack.url}/inbox/theirs`;
    await stack.call('PATCH', '/workspace/1', { webhooks: theirs, skip_crawlers: true });
    await button('Save Settings').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect((await stack.call('GET', '/workspace/1')).body).toMatchObject({
      name: 'Renamed here',
      webhooks: [theirs],
      skip_crawlers: true,
    });
    expect(await page.getByLabel('Webhook URLs, one per line').inputValue()).toBe(theirs);
    await button('Save Settings').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await stack.call('PATCH', '/workspace/1', { skip_crawlers: false });
  });

  test('create a key that signs in and revoke it; create, rotate and delete the signing secret', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    await button('Create key').click();
    const key = (await page.getByText('Copy the new API key').locator('code').textContent()) ?? '';
    const withKey = () => stack.call('GET', '/workspaces', undefined, { authorization: `Bearer ${key}` });
    expect((await withKey()).status).toBe(200);
    await page.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByRole('button', { name: /^Revoke/ }).waitFor({ state: 'detached' });
    expect((await withKey()).status).toBe(401);
    await button('Create secret').click();
    await page.getByText('Copy the new signing secret').waitFor();
    await button('Rotate secret').click();
    await page.getByText('The previous secret stays valid until').waitFor();
    await button('Delete secret').click();
    await page.getByText('Deliveries are not signed.').waitFor();
  });
});
