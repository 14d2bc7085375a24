import { readFile } from 'node:fs/promises';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from '@jest/globals';
import { logItem } from '../../lambdas/clicks/log-entry.ts';
import { click } from '../lambdas/deliver/sample-click.ts';

/** An entry that has every value: of a bot with a country and a campaign. */
function entry() {
  const message = click(1, { rule: 1 });
  Object.assign(message.payload.click, {
    country: 'DE',
    bot_name: 'Slackbot',
    params: { utm_source: 'twitter' },
  });
  return logItem(message, 'A'.repeat(16), 1_800_000_000);
}

const at = (value: any, path: string) => path.split('.').reduce((inner, name) => inner?.[name], value);

test('the query in docs/operate.md names attributes that an exported click has', async () => {
  const page = await readFile(new URL('../../docs/operate.md', import.meta.url), 'utf8');
  const item = entry();
  // A line of an export has the item as DynamoDB's own JSON.
  const sources = { line: { Item: marshall(item) }, click: JSON.parse(item.click) };
  const uses = [...page.matchAll(/json_extract_scalar\((line|click), '\$\.([\w.]+)'\)/g)];
  expect(uses.length).toBeGreaterThan(6);
  for (const [, source, path = ''] of uses) {
    expect([path, typeof at(sources[source as 'line' | 'click'], path)]).toEqual([path, 'string']);
  }
  expect(page).toContain("WHERE pk LIKE 'CLICK#%'");
  expect(item.pk.split('#').slice(0, 2)).toEqual(['CLICK', '1']);
});
