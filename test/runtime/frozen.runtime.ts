import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../end-to-end/receiver.ts';
import type { FunctionInstance } from './function-instance.ts';
import { type Answer, type RuntimeStack, resultOf, startRuntimeStack } from './runtime-stack.ts';
import type { Forgetting } from './tcp-proxy.ts';
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
  forgetAll();
  await warmUp(stack, '/sale', redirect);
});

/** Clicks the link. @returns the status, and the messages that are in the queue then */
async function click() {
  const { event } = stack.route({ method: 'GET', path: '/sale' });
  const { statusCode } = resultOf<Answer>(await redirect.invoke(event));
  return { statusCode, messages: await stack.takeMessages() };
}

/** Freezes an instance, and loses the connections that it keeps. There is one to the table, at least. */
async function freeze(instance: FunctionInstance, how: Forgetting): Promise<void> {
  await instance.freeze();
  const lost = stack.dynamoDb.forget(how);
  stack.sqs.forget(how);
  expect(lost).toBeGreaterThan(0);
}

/** Loses the connections of all functions. */
function forgetAll(): void {
  stack.dynamoDb.forget('reset');
  stack.sqs.forget('reset');
}

const CASES: [how: string, forgetting: Forgetting][] = [
  ['were reset meanwhile', 'reset'],
  ['are reset at the next request', 'reset-later'],
  ['stay silent', 'silence'],
];
describe.each(CASES)('after a freeze, when kept connections %s', (_how, forgetting) => {
  test('every click is redirected and queued', async () => {
    const ids = new Set<string>();
    for (let thaw = 0; thaw < THAWS; thaw++) {
      await freeze(redirect, forgetting);
      const { statusCode, messages } = await click();
      expect(statusCode).toBe(302);
      for (const { Body } of messages) ids.add(JSON.parse(Body ?? '').click_id);
    }
    // A second attempt may queue a click twice, and deliver posts it once.
    expect(ids.size).toBe(THAWS);
    expect(await redirect.stop()).not.toContain('ClickLost');
  });

  test('every click is delivered, and none twice', async () => {
    const batches: Message[][] = [];
    while (batches.length <= THAWS) batches.push((await click()).messages);
    forgetAll();
    for (const [index, messages] of batches.entries()) {
      if (index > 0) await freeze(deliver, forgetting);
      const { batchItemFailures } = await stack.deliver(messages, deliver);
      // What goes back to the queue comes again.
      if (batchItemFailures.length > 0) await stack.deliver(messages, deliver);
      expect(receiver.received).toHaveLength(index + 1);
    }
    expect(await deliver.stop()).not.toMatch(/ClickDropped|ClaimAmbiguous/);
  });
});

afterEach(() => Promise.all([redirect.stop(), deliver.stop()]));
