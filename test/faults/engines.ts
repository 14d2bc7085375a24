import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { startEngine } from '../../local/engines.ts';
import { engineClients } from '../../local/provision.ts';
import { type EngineProxy, startEngineProxy } from './engine-proxy.ts';

/** Engines that outlive the stacks that use them, each behind a proxy. */
export type Engines = {
  dynamoDb: EngineProxy;
  sqs: EngineProxy;
  /** The variables that direct a stack to them. */
  environment: Record<string, string>;
  /** Puts messages on the clicks queue without the proxy. */
  send: (...bodies: string[]) => Promise<void>;
  /** The number of messages on the queue, waiting and in flight. */
  queued: () => Promise<number>;
  close: () => Promise<void>;
};

/**
 * A message that was received returns after this time instead of a minute. No batch takes so long on a busy machine.
 */
const VISIBILITY_SECONDS = 10;

async function clicksQueue(client: SQSClient, url: string): Promise<string> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
  const [only] = QueueUrls;
  if (!only || QueueUrls.length > 1) throw new Error('There should be one queue');
  return url + new URL(only).pathname;
}

/** Starts both engines and their proxies. */
export async function startEngines(): Promise<Engines> {
  const options = { warn: () => undefined };
  const engines = await Promise.all([startEngine('dynamodb', options), startEngine('sqs', options)]);
  const [dynamoDb, sqs] = await Promise.all(engines.map(({ url }) => startEngineProxy(url)));
  if (!dynamoDb || !sqs) throw new Error('The proxies did not start');
  sqs.rewrite(({ name, input }) =>
    name === 'ReceiveMessage' ? { ...input, VisibilityTimeout: VISIBILITY_SECONDS } : input,
  );
  const clients = engineClients(engines[0].url, engines[1].url);
  const queueUrl = () => clicksQueue(clients.sqs, engines[1].url);
  return {
    dynamoDb,
    sqs,
    environment: { CLICKHOOK_DYNAMODB_ENDPOINT: dynamoDb.url, CLICKHOOK_SQS_ENDPOINT: sqs.url },
    send: async (...bodies) => {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: await queueUrl(), Entries }));
    },
    queued: async () => {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const command = { QueueUrl: await queueUrl(), AttributeNames: [...names] };
      const { Attributes = {} } = await clients.sqs.send(new GetQueueAttributesCommand(command));
      return names.reduce((total, name) => total + Number(Attributes[name] ?? 0), 0);
    },
    close: async () => {
      clients.dynamoDb.destroy();
      clients.sqs.destroy();
      await Promise.all([dynamoDb.close(), sqs.close()]);
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}
