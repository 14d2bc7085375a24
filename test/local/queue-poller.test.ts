import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { InvocationResult } from '../../local/functions.ts';
import { startQueuePoller } from '../../local/queue-poller.ts';

const sqs = mockClient(SQSClient);
const MESSAGES = ['a', 'b'].map((id) => ({ MessageId: id, ReceiptHandle: `handle-${id}`, Body: '{}' }));

beforeEach(() => {
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
  sqs.on(DeleteMessageBatchCommand).resolves({});
});

/** Feeds the two messages to a function with this result, and returns its events and the deleted messages. */
async function fed(result: InvocationResult, reportsItemFailures = true) {
  let received = false;
  sqs.on(ReceiveMessageCommand).callsFake(async () => {
    await new Promise(setImmediate);
    if (received) return {};
    received = true;
    return { Messages: MESSAGES };
  });
  const events: any[] = [];
  const { promise: handled, resolve } = Promise.withResolvers<void>();
  const invoke = async (event: unknown) => {
    events.push(event);
    resolve();
    return result;
  };
  const poller = startQueuePoller({
    sqs: new SQSClient({}),
    queueUrl: 'http://queue',
    queueArn: 'arn:queue',
    target: { name: 'Target', invoke, close: async () => undefined },
    batchSize: 10,
    maxConcurrency: 2,
    reportsItemFailures,
    warn: () => undefined,
  });
  await handled;
  await poller.drained(AbortSignal.timeout(60_000));
  await poller.stop();
  const deleted = sqs
    .commandCalls(DeleteMessageBatchCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? []);
  return { events, deleted: deleted.map(({ ReceiptHandle }) => ReceiptHandle) };
}

test('a batch is one event, and the messages that the function is done with are deleted', async () => {
  const { events, deleted } = await fed({ value: { batchItemFailures: [] } });
  expect(events).toHaveLength(1);
  expect(events[0].Records).toMatchObject([
    { messageId: 'a', body: '{}', eventSource: 'aws:sqs', eventSourceARN: 'arn:queue' },
    { messageId: 'b' },
  ]);
  expect(deleted).toEqual(['handle-a', 'handle-b']);
});

test.each([
  ['that reports one item', { value: { batchItemFailures: [{ itemIdentifier: 'a' }] } }, true, ['handle-b']],
  ['that reports an unknown item', { value: { batchItemFailures: [{ itemIdentifier: 'x' }] } }, true, []],
  ['that reports a blank item', { value: { batchItemFailures: [{ itemIdentifier: '' }] } }, true, []],
  ['that reports nonsense', { value: { batchItemFailures: 'all' } }, true, []],
  ['that fails', { error: { errorType: 'Error', errorMessage: 'x' } }, true, []],
  ['that answers nothing', { value: null }, true, ['handle-a', 'handle-b']],
  [
    'whose mapping takes no reports',
    { value: { batchItemFailures: [{ itemIdentifier: 'a' }] } },
    false,
    ['handle-a', 'handle-b'],
  ],
] as [string, InvocationResult, boolean, string[]][])(
  'a function %s leaves the right messages in the queue',
  async (_title, result, reports, done) => {
    expect((await fed(result, reports)).deleted).toEqual(done);
  },
);

test('polls are short, and a stopped poller does not poll again', async () => {
  await fed({ value: null });
  const polls = sqs.commandCalls(ReceiveMessageCommand);
  expect(new Set(polls.map(({ args }) => args[0].input.WaitTimeSeconds))).toEqual(new Set([1]));
  await new Promise(setImmediate);
  expect(sqs.commandCalls(ReceiveMessageCommand)).toHaveLength(polls.length);
});
