import { expect, test } from '@jest/globals';
import { CONTRACTS } from './contracts.ts';

// The stubs reject what the real chat tools reject, so that a test that passes means something.

type Format = keyof typeof CONTRACTS;
const answerOf = (format: Format, message: unknown) =>
  CONTRACTS[format](typeof message === 'string' ? message : JSON.stringify(message));

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const header = (length: number) => ({ type: 'header', text: plain(length) });
const field = (length: number) => ({ name: 'x', value: 'x'.repeat(length) });
const card = (text: string) => ({
  cardId: 'x',
  card: { sections: [{ widgets: [{ decoratedText: { text } }] }] },
});
const teams = (text: string, type = 'TextRun') => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'x',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [{ type: 'RichTextBlock', inlines: [{ type, text }] }],
      },
    },
  ],
});

test.each<[Format, string, unknown, string]>([
  ['slack', 'no JSON', '{', 'invalid_payload'],
  ['slack', 'no text', {}, 'no_text'],
  ['slack', 'a header of 151 characters', { blocks: [header(151)] }, 'invalid_blocks'],
  ['slack', '51 blocks', { blocks: Array(51).fill(header(1)) }, 'invalid_blocks'],
  [
    'slack',
    'a field of 2,001 characters',
    { blocks: [{ type: 'section', fields: [plain(2_001)] }] },
    'invalid_blocks',
  ],
  [
    'slack',
    'eleven fields',
    { blocks: [{ type: 'section', fields: Array(11).fill(plain(1)) }] },
    'invalid_blocks',
  ],
  ['slack', 'an empty text', { blocks: [header(0)] }, 'invalid_blocks'],
  ['slack-trigger', 'a value that is no text', { text: 1 }, 'parameter_validation_failed'],
  ['slack-trigger', 'a missing variable', { text: 'x' }, 'parameter_validation_failed'],
  ['discord', 'nothing', {}, '"code":50006'],
  ['discord', 'a title of 257 characters', { embeds: [{ title: 'x'.repeat(257) }] }, '"code":50035'],
  ['discord', 'a value of 1,025 characters', { embeds: [{ fields: [field(1_025)] }] }, '"code":50035'],
  ['discord', 'an empty value', { embeds: [{ fields: [field(0)] }] }, '"code":50035'],
  ['discord', '26 fields', { embeds: [{ fields: Array(26).fill(field(1)) }] }, '"code":50035'],
  [
    'discord',
    'more than 6,000 characters',
    { embeds: [{ fields: Array(6).fill(field(1_024)) }] },
    '"code":50035',
  ],
  ['discord', 'a content of 2,001 characters', { content: 'x'.repeat(2_001) }, '"code":50035'],
  ['google-chat', 'nothing', {}, 'Message cannot be empty'],
  ['google-chat', 'an unknown name', { event: 'click' }, 'Unknown name \\"event\\": Cannot find field'],
  ['google-chat', 'more than 32,000 bytes', { cardsV2: [card('é'.repeat(16_000))] }, 'Message is too long'],
])('%s rejects %s', (format, _what, message, error) => {
  const { status, body, shown } = answerOf(format, message);
  expect([status, shown]).toEqual([400, false]);
  expect(body).toContain(error);
});

test.each<[string, unknown]>([
  ['the payload of a click', { event: 'click' }],
  ['an element that a card does not have', teams('x', 'Image')],
  ['more than 28 KB', teams('x'.repeat(28 * 1024))],
])('teams answers 202 to %s and shows nothing', (_what, message) => {
  expect(answerOf('teams', message)).toMatchObject({ status: 202, shown: false });
});

test('each accepts the shortest message', () => {
  expect(answerOf('slack', { text: 'x' })).toMatchObject({ status: 200, body: 'ok', shown: true });
  expect(answerOf('discord', { content: 'x' })).toMatchObject({ status: 204, shown: true });
  expect(answerOf('teams', teams('x'))).toMatchObject({ status: 202, shown: true });
  expect(answerOf('google-chat', { text: 'x' })).toMatchObject({ status: 200, shown: true });
});
