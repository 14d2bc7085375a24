import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { messageBody } from '../../../lambdas/clicks/click.ts';
import { MAX_LINK_BYTES } from '../../../lambdas/links/link.ts';
import { clickMessage } from '../../../lambdas/redirect/record.ts';
import type { Visitor } from '../../../lambdas/redirect/visitor.ts';
import { click } from '../deliver/sample-click.ts';
import { httpEvent } from '../http-event.ts';
import { sampleLink } from '../sample-link.ts';

/**
 * The characters that SQS accepts: `#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]`
 * (SendMessage, MessageBody).
 */
const TAKEN_BY_SQS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** A click with a text everywhere that a visitor or a link's owner can put one, including names of parameters. */
function clickWith(text: string) {
  const message = click();
  message.payload.link.name = text;
  message.payload.link.rules = [{ what: 'country', matches: text, url: 'https://example.com/' }];
  message.payload.click.params = { [text]: text, list: [text, text] };
  return message;
}

describe('the message of a click', () => {
  test('is accepted by SQS and parses to the same click, for every character', () => {
    const points = fc.oneof(
      fc.integer({ min: 0, max: 0x10ffff }),
      fc.integer({ min: 0xd700, max: 0xffff }),
      fc.constantFrom(0, 0x7f, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x10ffff),
    );
    const texts = fc.array(points, { maxLength: 20 }).map((all) => String.fromCodePoint(...all));
    fc.assert(
      fc.property(texts, (text) => {
        const message = clickWith(text);
        const body = messageBody(message);
        expect(body).toMatch(TAKEN_BY_SQS);
        expect(JSON.parse(body)).toEqual(message);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['\ufffe', '\uffff', '\\\uffff', '"\ufffe"', '\\uffff'])('delivers %j unchanged', (text) => {
    expect(JSON.parse(messageBody(clickWith(text)))).toEqual(clickWith(text));
  });

  test.each([
    ['non-characters', '\uffff'],
    ['control characters', '\0'],
    ['quotes', '"'],
    ['emoji', '👩'],
  ])('with the largest link and the longest request, full of %s, fits into 256 KB', (_name, one) => {
    const size = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;
    const filled = (bytes: number) => one.repeat(Math.floor(bytes / size(one)));
    const link = sampleLink({
      slug: `/${'ü'.repeat(254)}`,
      rules: [{ what: 'bot', matches: filled(MAX_LINK_BYTES), url: 'https://example.com/' }],
    });
    // The gateway accepts 10,240 bytes of request line and headers.
    const sent = encodeURIComponent(one).length;
    const event = httpEvent({ query: encodeURIComponent(one.repeat(Math.floor(10_240 / sent))) });
    const visitor = { referer: one.repeat(2_048 / one.length), isp: 'x'.repeat(255) } as Visitor;
    const choice = { destination: `https://example.com/?${'%22'.repeat(2_660)}`, rule: 1 };
    const body = messageBody(clickMessage(event, link, visitor, choice, 'https://links.example.com'));
    expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_LINK_BYTES / 2);
    expect(Buffer.byteLength(body)).toBeLessThan(256 * 1024);
  });
});
