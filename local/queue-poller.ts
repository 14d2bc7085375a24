import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { LocalFunction } from './functions.ts';
import type { PhysicalResource, Resolve } from './intrinsics.ts';
import { REGION } from './intrinsics.ts';
import type { engineClients } from './provision.ts';
import { resourcesOf, type Template, TYPE } from './template.ts';

/** An event source mapping of the template, resolved. */
export type QueuePollerOptions = {
  sqs: SQSClient;
  queueUrl: string;
  queueArn: string;
  target: LocalFunction;
  batchSize: number;
  maxConcurrency: number;
  reportsItemFailures: boolean;
  warn: (line: string) => void;
};

/** Feeds a queue to a function until it is stopped. */
export type QueuePoller = {
  /** Resolves when nothing is queued and nothing is in flight. */
  drained: (signal: AbortSignal) => Promise<void>;
  stop: () => Promise<void>;
};

// A poll is never aborted, because the engine could hand a message to a poll whose caller is gone, and the message
// would stay invisible. So polls are short, and stopping waits for the last one.
const WAIT_SECONDS = 1;
const BACK_OFF_MS = 1_000;
const DRAIN_POLL_MS = 100;

function record(message: Message, queueArn: string) {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

/** The messages that the function is done with; null when the whole batch has to return to the queue. */
function doneWith(messages: Message[], value: unknown, reportsItemFailures: boolean): Message[] | null {
  if (!reportsItemFailures || value === null || value === undefined) return messages;
  const failures =
    (value as { batchItemFailures?: { itemIdentifier?: string }[] | null }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return null;
  const failed = new Set(failures.map((failure) => failure?.itemIdentifier));
  const known = new Set(messages.map((message) => message.MessageId));
  if ([...failed].some((id) => !id || !known.has(id))) return null;
  return messages.filter((message) => !failed.has(message.MessageId));
}

async function processBatch(
  { sqs, queueUrl, queueArn, target, reportsItemFailures }: QueuePollerOptions,
  messages: Message[],
): Promise<void> {
  const result = await target.invoke({ Records: messages.map((message) => record(message, queueArn)) });
  const done = 'error' in result ? null : doneWith(messages, result.value, reportsItemFailures);
  if (!done?.length) return;
  const Entries = done.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

async function waitingMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

/** Polls a queue as an event source mapping does. */
export function startQueuePoller(options: QueuePollerOptions): QueuePoller {
  const { sqs, queueUrl, batchSize, maxConcurrency, warn } = options;
  let stopping = false;
  let inFlight = 0;
  const poll = async () => {
    while (!stopping) {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: Math.min(batchSize, 10),
            WaitTimeSeconds: WAIT_SECONDS,
            MessageSystemAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) continue;
        inFlight++;
        await processBatch(options, Messages).finally(() => inFlight--);
      } catch (error) {
        warn(`The queue could not be polled: ${(error as Error).message}`);
        await delay(BACK_OFF_MS);
      }
    }
  };
  const pollers = Array.from({ length: maxConcurrency }, poll);
  return {
    drained: async (signal) => {
      while (!signal.aborted && (inFlight > 0 || (await waitingMessages(sqs, queueUrl)) > 0))
        await delay(DRAIN_POLL_MS);
    },
    stop: async () => {
      stopping = true;
      await Promise.all(pollers);
    },
  };
}

const DEFAULT_CONCURRENCY = 3;

/** Polls for every event source mapping of the template, with the settings of the mapping. */
export function startPollers(
  template: Template,
  resolve: Resolve,
  functions: Map<string, LocalFunction>,
  clients: Pick<ReturnType<typeof engineClients>, 'sqs'>,
  physical: ReadonlyMap<string, PhysicalResource>,
  warn: (line: string) => void,
): QueuePoller[] {
  return resourcesOf(template, TYPE.eventSource).flatMap(({ properties }) => {
    const mapping = resolve(properties) as {
      EventSourceArn: string;
      FunctionName: string;
      BatchSize?: number;
      ScalingConfig?: { MaximumConcurrency?: number };
      FunctionResponseTypes?: string[];
    };
    const target = functions.get(mapping.FunctionName.split(':').at(-1) ?? '');
    const queue = [...physical.values()].find(
      (resource) => resource.attributes.Arn === mapping.EventSourceArn,
    );
    if (!target || !queue) return [];
    return startQueuePoller({
      sqs: clients.sqs,
      queueUrl: queue.ref,
      queueArn: mapping.EventSourceArn,
      target,
      batchSize: mapping.BatchSize ?? 10,
      maxConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
      reportsItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      warn,
    });
  });
}
