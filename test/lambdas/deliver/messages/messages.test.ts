import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clickText } from '../../../../lambdas/deliver/messages/click-text.ts';
import { RECEIVERS, writeMessage } from '../../../../lambdas/deliver/messages/receivers.ts';
import { CONTRACTS } from '../../../chat-tools/contracts.ts';
import { click } from '../sample-click.ts';
import { anyClick, clickWith, HOSTILE } from './hostile.ts';

const FORMATS = RECEIVERS.map(({ format }) => format);
type Format = (typeof FORMATS)[number];

/** Every text of a message, at any depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe.each(FORMATS)('a message for %s', (format: Format) => {
  const contract = CONTRACTS[format];

  test('is accepted and shown for any link and any click', () => {
    fc.assert(
      fc.property(anyClick, (message) => {
        const body = writeMessage(format, message);
        expect([body, contract(body)]).toEqual([body, expect.objectContaining({ shown: true })]);
      }),
      { numRuns: 500 },
    );
  });

  test.each(HOSTILE)('is accepted and shown when every value is %j', (value) => {
    const chosen = { name: value, full_url: value, destination: value, referer: value, country: value };
    const others = { browser_name: value, platform: value, bot_name: value };
    expect(contract(writeMessage(format, clickWith({ ...chosen, ...others })))).toMatchObject({
      shown: true,
    });
  });

  test('contains no control character, no mark that changes the direction of text and no half of a pair', () => {
    fc.assert(
      fc.property(anyClick, (message) => {
        for (const text of textsOf(JSON.parse(writeMessage(format, message)))) {
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/[^\P{Cc}\n]|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u);
        }
      }),
    );
  });

  test('never contains the short URL as a link, because a preview of it would be a click', () => {
    const body = writeMessage(format, click());
    expect(body).toContain('links.example.com/sale');
    expect(body).not.toMatch(/:\\*\/\/links\.example\.com/);
  });

  test('says what people want to know', () => {
    const message = clickWith({
      name: 'Spring sale',
      country: 'DE',
      platform: 'ios',
      browser_name: 'Instagram',
      referer: 'https://news.example.org/a?b',
    });
    const body = writeMessage(format, message);
    for (const said of ['New click', 'Spring sale', 'links.example.com/sale', '🇩🇪 Germany'])
      expect(body).toContain(said);
    for (const said of [
      'example.com/landing-page',
      'iOS',
      'Instagram',
      'news.example.org',
      'Person',
      '2025-01-15',
    ])
      expect(body).toContain(said);
    expect(body).not.toContain('/a?b');
  });

  test('names a bot, and says that a test click is one', () => {
    const body = writeMessage(format, clickWith({ bot_name: 'Googlebot' }, false));
    expect(body).toMatch(/Bot\\*: Googlebot/);
    expect(body).toContain('Test click');
  });
});

test('the payload itself is what each chat tool rejects or does not show', () => {
  const payload = JSON.stringify(click().payload);
  const answers = Object.entries(CONTRACTS).map(([format, contract]) => [format, contract(payload)]);
  expect(Object.fromEntries(answers)).toMatchObject({
    slack: { status: 400, body: 'no_text' },
    'slack-trigger': { status: 400, shown: false },
    discord: { status: 400, body: expect.stringContaining('50006') },
    teams: { status: 202, shown: false },
    'google-chat': { status: 400, body: expect.stringContaining('Unknown name \\"event\\"') },
  });
});

describe('the text of a click', () => {
  test.each([
    ['DE', '🇩🇪 Germany'],
    ['us', '🇺🇸 United States'],
    ['T1', 'Unknown'],
    ['QQ', 'QQ'],
    [null, 'Unknown'],
  ])('names the country %s as %s', (country, text) => {
    expect(clickText(clickWith({ country })).country).toBe(text);
  });

  test.each([
    ['https://news.example.org:8080/a', 'news.example.org:8080'],
    ['android-app://com.google.android.gm/', 'com.google.android.gm'],
    ['', 'None'],
    [null, 'None'],
    ['no URL', 'Unknown'],
  ])('names the referrer %s as %s', (referer, text) => {
    expect(clickText(clickWith({ referer })).referrer).toBe(text);
  });

  test.each([
    ['https://example.com/a b', 'https://example.com/a%20b'],
    ['javascript:alert(1)', null],
    ['mailto:a@example.com', null],
    [`https://example.com/${'a'.repeat(2_000)}`, null],
  ])('links the destination %s to %s', (destination, url) => {
    expect(clickText(clickWith({ destination })).destinationUrl).toBe(url);
  });

  test('calls a link without a name by its short URL', () => {
    expect(clickText(clickWith({ name: null })).name).toBe('links.example.com/sale');
  });
});
