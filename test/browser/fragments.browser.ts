import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type LocalStack, startLocal } from '../end-to-end/local-stack.ts';
import { type Receiver, startReceiver } from '../end-to-end/receiver.ts';
import { openPage, startBrowser } from './browser.ts';

/** Every way to a destination keeps the fragment of the visitor's address, unless the destination has its own. */
let stack: LocalStack;
let browser: Browser;
let site: Receiver;

beforeAll(async () => {
  [stack, browser, site] = await Promise.all([
    startLocal(),
    startBrowser(),
    startReceiver((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Destination</title>'),
    ),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([stack?.stop(), site?.close()]);
});

/** Waits until the page, or a frame of it, is at an address. */
function shows(page: Page, address: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (page.frames().some((frame) => frame.url() === address)) resolve();
    };
    page.on('framenavigated', look);
    look();
  });
}

const WAYS: [how: string, fields: object][] = [
  ['redirects', {}],
  ['loads tags', { head_tags: '<meta name="tag">' }],
  ['loads a pixel', { ga4_tag_id: 'G-ABC1234567' }],
  ['asks for a password', { password: 'open-sesame' }],
  ['cloaks', { cloaking: true }],
  ['cloaks and loads a pixel', { cloaking: true, fb_pixel_id: '123456789012345' }],
];

test.each(WAYS)('a link that %s keeps the fragment of its visitor', async (_how, fields) => {
  for (const [own, expected] of [
    ['', '#section'],
    ['#own', '#own'],
  ]) {
    const url = `${site.url}/page${own}`;
    const { body: link } = await stack.call('POST', '/link', { url, ...fields });
    const { page } = await openPage(browser);
    // Google and Facebook are not contacted, because no test needs the network.
    await page.route(/^https:/, (route) => route.abort());
    await page.goto(`${stack.url}${link.slug}#section`);
    if ('password' in fields) {
      await page.getByLabel('Password').fill('open-sesame');
      await page.getByRole('button', { name: 'Continue' }).click();
    }
    const destination = `${site.url}/page${expected}`;
    await shows(page, destination);
    await page.context().close();
  }
});
