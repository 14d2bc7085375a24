import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { ClickMessage } from '../../lambdas/clicks/click.ts';
import { click } from '../lambdas/deliver/sample-click.ts';
import type { Operation } from './engine-proxy.ts';
import { type Engines, startEngines } from './engines.ts';
import { type FaultStack, type Link, startFaultStack } from './fault-stack.ts';
import { fault, seconds } from './fault-table.ts';
import { type FaultyReceiver, startFaultyReceiver } from './faulty-receiver.ts';

/** Faults of queues and tables, one after the other. Only one case at a time uses the engines. */
let engines: Engines;
let stack: FaultStack;
let receiver: FaultyReceiver;

beforeAll(async () => {
  [engines, receiver] = await Promise.all([startEngines(), startFaultyReceiver()]);
  stack = await startFaultStack(engines.environment);
});

afterEach(() => {
  engines.sqs.decide(() => 'pass');
  engines.dynamoDb.decide(() => 'pass');
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([receiver?.close(), engines?.close()]);
});

const at = (path: string) => `http://127.0.0.1:${receiver.port}/no-content/${path}`;
const posts = (path: string) => receiver.to(`/no-content/${path}`).length;
const waitFor = (path: string, total = 1) => receiver.waitFor(`/no-content/${path}`, total);

let number = 1_000;
/** A message with a new click of this link. */
const message = ({ id }: Link, fields: Partial<ClickMessage> = {}) =>
  JSON.stringify(click(number++, { link_id: id, ...fields }));

const timesCounted = (name: string) => stack.counted(name, 0);

/** Waits until the queue has no messages, neither waiting nor in flight. */
async function emptyQueue(): Promise<number> {
  let queued = await engines.queued();
  while (queued > 0) {
    await delay(100);
    queued = await engines.queued();
  }
  return queued;
}

const onClaims = ({ name, input }: Operation) =>
  name === 'PutItem' && String(input.TableName).includes('Clicks');

fault('the same message twice at once, and again later', '1 POST, 3 duplicates', async () => {
  const link = await stack.linkTo(at('twice'));
  const same = message(link);
  await engines.send(same, same, same);
  await waitFor('twice');
  await stack.counted('ClickDuplicate', 2);
  await engines.send(same);
  const duplicates = await stack.counted('ClickDuplicate', 3);
  return `${posts('twice')} POST, ${duplicates} duplicates`;
});

fault('a broken and an unknown message among nine good ones', '9 POSTs, 2 counted, 0 come back', async () => {
  const link = await stack.linkTo(at('nine'));
  const good = Array.from({ length: 8 }, () => message(link));
  await engines.send(
    ...good.slice(0, 4),
    '{"version":1,',
    ...good.slice(4),
    message(link, { version: 99 as 2 }),
  );
  await engines.send(message(link));
  await waitFor('nine', 9);
  const counted = await stack.counted('MessageMalformed', 2);
  return `${posts('nine')} POSTs, ${counted} counted, ${await emptyQueue()} come back`;
});

fault('clicks table throttles, then recovers', '0 POSTs, returned; then 1 POST', async () => {
  const link = await stack.linkTo(at('throttled'));
  engines.dynamoDb.decide((operation) => (onClaims(operation) ? 'throttle' : 'pass'));
  await stack.click(link.slug);
  await stack.counted('ClickReturned');
  const before = posts('throttled');
  engines.dynamoDb.decide(() => 'pass');
  await waitFor('throttled');
  await emptyQueue();
  return `${before} POSTs, returned; then ${posts('throttled')} POST`;
});

for (const [how, mode] of [
  ['fails', 'fail'],
  ['hangs up', 'break'],
  ['never answers', 'hang'],
] as const) {
  fault(
    `clicks table ${how}: nobody knows whether it was written`,
    '0 POSTs, dropped and counted',
    async () => {
      const link = await stack.linkTo(at(`ambiguous-${mode}`));
      const before = await timesCounted('ClaimAmbiguous');
      engines.dynamoDb.decide((operation) => (onClaims(operation) ? mode : 'pass'));
      await stack.click(link.slug);
      await stack.counted('ClaimAmbiguous', before + 1);
      engines.dynamoDb.decide(() => 'pass');
      const left = await emptyQueue();
      return `${posts(`ambiguous-${mode}`)} POSTs, ${left === 0 ? 'dropped' : 'still queued'} and counted`;
    },
  );
}

for (const [how, mode] of [
  ['down', 'break'],
  ['slow', 'hang'],
] as const) {
  // Far above the 300 ms of a send, because a machine may be busy, and far below the SDK's own limits.
  fault(`SQS ${how} at the click`, '302 in < 4 s, 1 loss counted, 0 POSTs', async () => {
    const link = await stack.linkTo(at(`sqs-${how}`));
    await stack.click(`${link.slug}?warm`);
    await waitFor(`sqs-${how}`);
    const before = await timesCounted('ClickLost');
    engines.sqs.decide(({ name }) => (name === 'SendMessage' ? mode : 'pass'));
    const startMs = performance.now();
    const { status } = await stack.click(link.slug);
    const tookMs = performance.now() - startMs;
    const lost = (await stack.counted('ClickLost', before + 1)) - before;
    const late = posts(`sqs-${how}`) - 1;
    return {
      seen: `${status} in ${seconds(tookMs)}, ${lost} loss counted, ${late} POSTs`,
      good: status === 302 && tookMs < 4_000 && lost === 1 && late === 0,
    };
  });
}

fault('DynamoDB down at the click', '503, try again after 2 s, 0 POSTs', async () => {
  const link = await stack.linkTo(at('no-table'));
  engines.dynamoDb.decide(() => 'break');
  const answer = await stack.click(link.slug);
  await stack.counted('LinkReadFailed');
  return `${answer.status}, try again after ${answer.headers.get('retry-after')} s, ${posts('no-table')} POSTs`;
});

/** Clicks a link while messages stay on the queue, does something, and lets deliver continue. */
async function whileQueued(link: Link, change: () => Promise<unknown>): Promise<void> {
  engines.sqs.decide(({ name }) => (name === 'ReceiveMessage' ? 'break' : 'pass'));
  await engines.sqs.idle('ReceiveMessage');
  await stack.click(link.slug);
  while ((await engines.queued()) === 0) await delay(20);
  await change();
  engines.sqs.decide(() => 'pass');
}

fault('webhook deleted while its click is queued', '0 POSTs to it, 1 POST to the other', async () => {
  const link = await stack.linkTo(at('deleted-hook'), at('kept-hook'));
  const gone = encodeURIComponent(at('deleted-hook'));
  await whileQueued(link, () => stack.call('DELETE', `/link/${link.id}/webhooks?url=${gone}`));
  await waitFor('kept-hook');
  await stack.outcomes(link);
  return `${posts('deleted-hook')} POSTs to it, ${posts('kept-hook')} POST to the other`;
});

fault('link deleted while its click is queued', '1 POST, because the click happened', async () => {
  const link = await stack.linkTo(at('deleted-link'));
  await whileQueued(link, () => stack.call('DELETE', `/workspace/1/links/${link.id}`));
  await waitFor('deleted-link');
  return `${posts('deleted-link')} POST, because the click happened`;
});
