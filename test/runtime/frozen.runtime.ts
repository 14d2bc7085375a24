import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../end-to-end/receiver.ts';
import type { FunctionInstance } from './function-instance.ts';
import { type Answer, type RuntimeStack, resultOf, startRuntimeStack } from './runtime-stack.ts';
import type { DropMode } from './tcp-proxy.ts';
import { createWorkspace, LOOPBACK, warmUp } from './workspace.ts';

/** How often each instance is frozen and thawed. */
const THAWS = 5;

let stack: RuntimeStack;
let receiver: Receiver;
let redirect: FunctionInstance;
let deliver: FunctionInstance;

beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startRuntimeStack(LOOPBACK);
  const workspace = await createWorkspace(stack);
  const { id } = await workspace.linkTo({ slug: '/sale' });
  const { status } = await workspace.call('POST', `/link/${id}/webhooks`, { url: receiver.url });
  if (status !== 201) throw new Error(`The webhook was refused with ${status}`);
});

afterAll(async () => {
  await stack.close();
  await receiver.close();
});

beforeEach(async () => {
  receiver.received.length = 0;
  [redirect, deliver] = await Promise.all([stack.start('Redirect'), stack.start('Deliver')]);
  // From here on only the instances of the test have connections.
  dropAll();
  await warmUp(stack, '/sale', redirect);
});

/** Clicks the link. @returns the status, and the messages that are in the queue then */
async function click() {
  const { event } = stack.route({ method: 'GET', path: '/sale' });
  const { statusCode } = resultOf<Answer>(await redirect.invoke(event));
  return { statusCode, messages: await stack.takeMessages() };
}

/** Freezes an instance, and drops the connections that it keeps. At least one leads to the table. */
async function freeze(instance: FunctionInstance, mode: DropMode): Promise<void> {
  await instance.freeze();
  const dropped = stack.dynamoDb.drop(mode);
  stack.sqs.drop(mode);
  expect(dropped).toBeGreaterThan(0);
}

/** Drops the connections of all functions. */
function dropAll(): void {
  stack.dynamoDb.drop('reset');
  stack.sqs.drop('reset');
}

const CASES: [how: string, mode: DropMode][] = [
  ['were reset during the freeze', 'reset'],
  ['are reset at the next request', 'reset-later'],
  ['stay silent', 'silence'],
];
describe.each(CASES)('after a freeze, when kept connections %s', (_how, mode) => {
  test('every click is redirected and queued', async () => {
    const ids = new Set<string>();
    for (let thaw = 0; thaw < THAWS; thaw++) {
      await freeze(redirect, mode);
      const { statusCode, messages } = await click();
      expect(statusCode).toBe(302);
      for (const { Body } of messages) ids.add(JSON.parse(Body ?? '').payload.click.id);
    }
    // A second attempt may queue a click twice, and deliver posts it once.
    expect(ids.size).toBe(THAWS);
    expect(await redirect.stop()).not.toContain('ClickLost');
  });

  test('every click is delivered, and none twice', async () => {
    const batches: Message[][] = [];
    while (batches.length <= THAWS) batches.push((await click()).messages);
    dropAll();
    for (const [index, messages] of batches.entries()) {
      if (index > 0) await freeze(deliver, mode);
      const { batchItemFailures } = await stack.deliver(messages, deliver);
      // What goes back to the queue comes again.
      if (batchItemFailures.length > 0) await stack.deliver(messages, deliver);
      expect(receiver.received).toHaveLength(index + 1);
    }
    expect(await deliver.stop()).not.toMatch(/ClickDropped|ClaimAmbiguous/);
  });
});

afterEach(() => Promise.all([redirect.stop(), deliver.stop()]));
