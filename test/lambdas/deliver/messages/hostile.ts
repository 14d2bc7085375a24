import fc from 'fast-check';
import type { ClickMessage } from '../../../../lambdas/clicks/click.ts';
import { click } from '../sample-click.ts';

/** The values of a click that other people choose. */
export type Chosen = {
  name: unknown;
  full_url: unknown;
  destination: unknown;
  referer: unknown;
  browser_name: unknown;
  platform: unknown;
  bot_name: unknown;
  country: unknown;
};

/** A click with these values. */
export function clickWith({ name, full_url, ...details }: Partial<Chosen>, counted = true): ClickMessage {
  const message = click(1, { counted });
  const { link } = message.payload;
  Object.assign(link, name === undefined ? {} : { name }, full_url === undefined ? {} : { full_url });
  Object.assign(message.payload.click, details);
  return message;
}

/** Text that means something to a chat tool, or that harms one that shows it as it is. */
export const HOSTILE = [
  '<!channel> <!here|x> <@U012AB3CD> <#C024BE7LR> <users/all>',
  '@everyone @here @channel @all <@123456789012345678> <@&123> </cmd:1>',
  '*bold* _italic_ ~gone~ `code` ```block``` ||spoiler|| > quote # head - list 1. list',
  '[click](https://evil.example) <https://evil.example|safe> <a href="https://evil.example">x</a>',
  '![image](https://evil.example/x.png) :skull: <:name:123> <t:1618953630:R> {{DATE(2017)}} \u0024{x}',
  '&lt;!channel&gt; &amp; & < > " \'',
  'one\ntwo\r\nthree\u2028four\0\u0007\u001b[31m',
  '\u202eevil.exe\u202c \u2066x\u2069 \u200b\ufeff \u{e0041}\u{e0042}',
  `a${'\u0301'.repeat(500)}`,
  '\ud800 lone \udfff',
  '\ud83d',
  ' ',
  'constructor',
  '__proto__',
  'javascript:alert(1)',
  '&'.repeat(5_000),
  '\\'.repeat(5_000),
  '👩‍👩‍👧‍👦'.repeat(1_000),
  '\u202e'.repeat(5_000),
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...HOSTILE), { minLength: 2, maxLength: 5 }).map((parts) => parts.join('')),
);
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  text.map((part) => `https://example.com/${part}?${part}`),
  text,
);
const anything = fc.oneof(fc.constant(null), fc.constant(undefined), fc.integer(), fc.object());

/** Any click, also one whose values have other types than ours. */
export const anyClick = fc
  .record({
    name: fc.oneof(text, anything),
    full_url: fc.oneof(url, anything),
    destination: fc.oneof(url, anything),
    referer: fc.oneof(url, anything),
    browser_name: fc.oneof(text, anything),
    platform: fc.oneof(fc.constantFrom('desktop', 'ios'), text, anything),
    bot_name: fc.oneof(text, anything),
    country: fc.oneof(fc.constantFrom('DE', 'US', 'XX', 'ZZ', 'T1'), text, anything),
  })
  .chain((chosen) => fc.boolean().map((counted) => clickWith(chosen, counted)));
