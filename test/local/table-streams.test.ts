import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import type { LocalFunction } from '../../local/functions.ts';
import { createResolver, type PhysicalResource } from '../../local/intrinsics.ts';
import { removalStreams } from '../../local/table-streams.ts';
import { newApp } from '../lib/new-app.ts';

const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook')).toJSON();
const idOf = (start: string) =>
  Object.keys(template.Resources).find((id) => id.replace(/[0-9A-F]{8}$/, '') === start) ?? '';
const table = (name: string): PhysicalResource => ({
  ref: name,
  attributes: { Arn: `arn:${name}`, StreamArn: `arn:${name}/stream` },
});
const main = table('main');
const clicks = table('clicks');

/** What the function that erases clicks receives when an item is removed from a table. */
function received(from: PhysicalResource, item: Record<string, { S: string } | { N: string }>): unknown[] {
  const events: unknown[] = [];
  const physical = new Map([
    [idOf('TablesMain'), main],
    [idOf('TablesClicks'), clicks],
    [idOf('ClickQueueClicks'), { ref: 'queue', attributes: { Arn: 'arn:queue' } }],
    ...['ClickErasurePurge', 'ClickPathDeliver'].map(
      (name) => [idOf(name), { ref: name, attributes: {} }] as const,
    ),
  ] as [string, PhysicalResource][]);
  const purge = {
    name: 'ClickErasurePurge',
    invoke: async (event: unknown) => {
      events.push(event);
      return { value: null };
    },
  } as LocalFunction;
  const functions = new Map([[purge.name, purge]]);
  removalStreams(
    template as never,
    createResolver(template as never, physical),
    functions,
    () => undefined,
  )(from, ['pk', 'sk'], item);
  return events;
}

const location = { pk: { S: 'LINK#5' }, sk: { S: 'LINK' }, workspace_id: { N: '3' } };

test('a link that the time to live removes reaches the function that erases its clicks, as from a stream', () => {
  expect(received(main, location)).toEqual([
    {
      Records: [
        expect.objectContaining({
          eventName: 'REMOVE',
          eventSourceARN: 'arn:main/stream',
          userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
          dynamodb: expect.objectContaining({
            Keys: { pk: { S: 'LINK#5' }, sk: { S: 'LINK' } },
            OldImage: location,
          }),
        }),
      ],
    },
  ]);
});

test.each([
  ['the counts of a link', main, { pk: { S: 'LINK#5' }, sk: { S: 'CLICKS' } }],
  ['a link at its address', main, { pk: { S: 'SLUG#-#/a' }, sk: { S: 'LINK' } }],
  ['an item of another table', clicks, location],
])('%s does not', (_title, from, item) => {
  expect(received(from, item)).toEqual([]);
});
