import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../end-to-end/receiver.ts';
import { sqsEvent } from './events.ts';
import { type RuntimeStack, startRuntimeStack } from './runtime-stack.ts';
import { requestHeads } from './tcp-proxy.ts';
import { createWorkspace, LOOPBACK, type Workspace, warmUp } from './workspace.ts';

let stack: RuntimeStack;
let workspace: Workspace;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startRuntimeStack(LOOPBACK);
  workspace = await createWorkspace(stack);
  const { id } = await workspace.linkTo({ slug: '/sale' });
  for (const owner of [`/link/${id}`, `/workspace/${workspace.id}`]) {
    const { status } = await workspace.call('POST', `${owner}/webhooks`, { url: `${receiver.url}${owner}` });
    if (status !== 201) throw new Error(`The webhook was refused with ${status}`);
  }
  await warmUp(stack, '/sale');
});

afterAll(async () => {
  await stack.close();
  await receiver.close();
});

beforeEach(() => {
  receiver.received.length = 0;
});

/** Clicks the link, and takes the message of the click from the queue. */
async function click() {
  await stack.request({ method: 'GET', path: '/sale' });
  const [message] = await stack.takeMessages();
  if (!message) throw new Error('No click is queued');
  return message;
}

test('a click is delivered once to the webhook of its link and to that of its workspace', async () => {
  const message = await click();
  expect(await stack.deliver([message])).toEqual({ batchItemFailures: [] });
  const { payload } = JSON.parse(message.Body ?? '');
  expect(receiver.received.map(({ path }) => path.split('/')[1]).sort()).toEqual(['link', 'workspace']);
  for (const { body, headers } of receiver.received) {
    expect(JSON.parse(body)).toEqual(payload);
    expect(headers['content-type']).toBe('application/json');
  }
});

test('a message that arrives again, in the same batch or a later one, is delivered once', async () => {
  const message = await click();
  const results = [await stack.deliver([message, message]), await stack.deliver([message])];
  expect(results).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect(receiver.received).toHaveLength(2);
});

test('a message that is no click is dropped, and the rest of its batch is delivered', async () => {
  const message = await click();
  const junk = [{ Body: 'junk' }, { Body: '{}' }, { Body: '' }];
  expect(await stack.deliver([...junk, message])).toEqual({ batchItemFailures: [] });
  expect(receiver.received).toHaveLength(2);
});

test('the requests of a batch carry its trace header and the session token of the role', async () => {
  const { traceRoot } = await stack.invoke('Deliver', sqsEvent(stack.queueArn, [await click()]));
  expect(receiver.received).toHaveLength(2);
  const heads = requestHeads(stack.dynamoDb).filter((head) => head.includes(traceRoot));
  const operations = heads.map((head) => /^x-amz-target: DynamoDB_20120810\.(\w+)/im.exec(head)?.[1]);
  // The webhooks, the claim and the counts.
  expect(operations).toEqual(expect.arrayContaining(['Query', 'PutItem', 'UpdateItem']));
  for (const head of heads) expect(head).toMatch(/^x-amz-security-token: example-session-token==/im);
});

test('while the table is down no click is delivered, and every click goes back to the queue', async () => {
  const message = await click();
  stack.dynamoDb.setDown(true);
  const result = await stack.deliver([message]).finally(() => stack.dynamoDb.setDown(false));
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: message.MessageId }] });
  expect(receiver.received).toEqual([]);
  expect(await stack.deliver([message])).toEqual({ batchItemFailures: [] });
  expect(receiver.received).toHaveLength(2);
});

test('clicks are counted on their link', async () => {
  const { body } = await workspace.call('GET', `/workspace/${workspace.id}/list_links`);
  // One for each test above.
  expect(body.links).toMatchObject([{ slug: '/sale', clicks_total: 5 }]);
});
