/**
 * Replaces DynamoDB for reports: a log of clicks in 30 past days, an API key, and summaries that are stored. Answers
 * after a fixed delay, in pages of up to 1 MB, and counts read units. Argument: JSON of ClickLogSettings.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ulidOf } from '../../lambdas/clicks/identity.ts';
import { logItem } from '../../lambdas/clicks/log-entry.ts';
import type { ClickLogRequest, ClickLogSettings } from '../reports.ts';
import { sampleMessage } from '../samples.ts';

const { clicks, delayMs }: ClickLogSettings = JSON.parse(process.argv[2] ?? '');
const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1_000;
const PAGE_BYTES = 1024 * 1024;
const today = Math.floor(Date.now() / DAY_MS);
const firstMs = (today - DAYS - 1) * DAY_MS;

/** The items of a partition, newest first: their ids, sizes, and JSON in DynamoDB's notation. */
type Partition = { ids: string[]; bytes: number[]; texts: string[] };
const partitions = new Map<string, Partition>();

let seed = 1;
/** A number below `most` that is the same in every run. Small numbers are more frequent. */
function drawn(most: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return Math.floor((seed / 2_147_483_647) ** 3 * most);
}

const WORDS = ['newsletter', 'twitter', 'spring', 'partner', 'print'];

function message(epochMs: number) {
  const bytes = Buffer.from(Array.from({ length: 10 }, () => drawn(256)));
  const browser =
    ['Chrome', 'Safari', 'Firefox', 'Edge', 'Samsung Internet', 'Instagram'][drawn(6)] ?? 'Chrome';
  const made = sampleMessage(1 + drawn(200));
  const { link, click } = made.payload;
  const id = ulidOf(epochMs, bytes);
  const params = drawn(3) === 0 ? { utm_source: WORDS[drawn(5)] ?? '' } : {};
  Object.assign(click, {
    id,
    country: String.fromCharCode(65 + drawn(10), 65 + drawn(8)),
    platform: ['ios', 'android', 'desktop', 'tablet'][drawn(4)],
    browser_name: browser,
    bot_name: drawn(8) === 7 ? 'Googlebot' : null,
    referer: drawn(3) === 0 ? `https://www.site-${drawn(300)}.example/page/${drawn(50)}` : null,
    isp: `Example Network ${drawn(2_000)}`,
    destination: `${link.url}?variant=${drawn(5)}`,
    params,
  });
  return made;
}

for (let index = clicks - 1; index >= 0; index--) {
  const epochMs = firstMs + Math.floor((index / clicks) * DAYS * DAY_MS);
  const item = logItem(message(epochMs), 'x'.repeat(16), Math.floor(epochMs / 1_000) + 400 * 24 * 60 * 60);
  const { pk, sk, link_id, ttl, click } = item;
  const own = partitions.get(pk) ?? { ids: [], bytes: [], texts: [] };
  partitions.set(pk, own);
  own.ids.push(sk);
  own.bytes.push(Buffer.byteLength(JSON.stringify(item)) - 30);
  own.texts.push(
    JSON.stringify({
      sk: { S: sk },
      link_id: { N: String(link_id) },
      ttl: { N: String(ttl) },
      click: { S: click },
    }),
  );
}

let units = 0;
/** Summaries by sort key: their JSON and size. */
const summaries = new Map<string, { text: string; bytes: number }>();

type Body = {
  Key?: { pk: { S: string }; sk: { S: string } };
  Item?: Record<string, { S?: string; B?: string }>;
  ExpressionAttributeValues?: Record<string, { S: string }>;
  ExclusiveStartKey?: { sk: { S: string } };
};

function page(found: { id: string; text: string; bytes: number }[], pk: string): string {
  let bytes = 0;
  const full = found.findIndex(({ bytes: own }) => {
    bytes += own;
    return bytes > PAGE_BYTES;
  });
  const shown = full < 0 ? found : found.slice(0, full + 1);
  const read = shown.reduce((sum, { bytes: own }) => sum + own, 0);
  const spent = Math.max(0.5, Math.ceil(read / 4_096) * 0.5);
  units += spent;
  const last = full < 0 ? '' : `"LastEvaluatedKey":{"pk":{"S":"${pk}"},"sk":{"S":"${shown.at(-1)?.id}"}},`;
  return `{${last}"Count":${shown.length},"ConsumedCapacity":{"CapacityUnits":${spent}},"Items":[${shown.map(({ text: one }) => one).join(',')}]}`;
}

function queried({ ExpressionAttributeValues, ExclusiveStartKey }: Body): string {
  const { S: pk = '' } = ExpressionAttributeValues?.[':pk'] ?? {};
  const [from = '', to = ''] = [':from', ':to'].map((name) => ExpressionAttributeValues?.[name]?.S);
  const behind = ExclusiveStartKey?.sk.S;
  if (pk.startsWith('DAYS#')) {
    const ids = [...summaries.keys()]
      .sort()
      .filter((id) => id >= from && id <= to && (!behind || id > behind));
    return page(
      ids.map((id) => ({ id, text: '', bytes: 0, ...summaries.get(id) })),
      pk,
    );
  }
  const { ids, bytes, texts } = partitions.get(pk) ?? { ids: [], bytes: [], texts: [] };
  // Ids descend.
  const first = behind ? ids.indexOf(behind) + 1 : ids.findIndex((id) => id <= to);
  const found = [];
  let total = 0;
  for (let at = first; at >= 0 && at < ids.length && (ids[at] ?? '') >= from && total <= PAGE_BYTES; at++) {
    total += bytes[at] ?? 0;
    found.push({ id: ids[at] ?? '', text: texts[at] ?? '', bytes: bytes[at] ?? 0 });
  }
  return page(found, pk);
}

const ANSWERS: Record<string, (body: Body) => string> = {
  Query: queried,
  GetItem: ({ Key }) => {
    units += 0.5;
    return Key?.pk.S.startsWith('KEY#') ? '{"Item":{"workspace_id":{"N":"1"}}}' : '{}';
  },
  PutItem: ({ Item }) => {
    summaries.set(Item?.sk?.S ?? '', {
      text: JSON.stringify(Item),
      bytes: Math.floor((Item?.clicks?.B?.length ?? 0) * 0.75),
    });
    return '{}';
  },
  BatchGetItem: () => '{"Responses":{}}',
};

const server = createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const answer = ANSWERS[operation]?.(JSON.parse(await text(request))) ?? '{}';
  await delay(delayMs);
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
});

process.on('message', (request: ClickLogRequest) => {
  process.send?.(units);
  if (request === 'units-and-reset') units = 0;
  else summaries.clear();
});
process.on('disconnect', () => process.exit(0));

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const date = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
  const port = typeof address === 'object' ? address?.port : 0;
  process.send?.({ port, start: date(today - DAYS - 1), end: date(today - 2) });
});
