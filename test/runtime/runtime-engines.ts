import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { startEngine } from '../../local/engines.ts';
import { engineClients, type Physical, provision } from '../../local/provision.ts';
import { resourcesOf, type Template, TYPE } from '../../local/template.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** The engines with the template's tables and queue. Functions reach them through the proxies, tests do directly. */
export type RuntimeEngines = {
  dynamoDb: TcpProxy;
  sqs: TcpProxy;
  /** ARN of the clicks queue. */
  queueArn: string;
  /** Takes all messages from the clicks queue. */
  takeMessages: () => Promise<Message[]>;
  close: () => Promise<void>;
};

/**
 * Starts both engines and their proxies, and creates the template's tables and queue.
 * @param physical the resources that exist; tables and the queue are added
 */
export async function startRuntimeEngines(template: Template, physical: Physical): Promise<RuntimeEngines> {
  const options = { warn: () => undefined };
  const engines = await Promise.all([startEngine('dynamodb', options), startEngine('sqs', options)]);
  const [dynamoDb, sqs] = await Promise.all([startTcpProxy(engines[0].url), startTcpProxy(engines[1].url)]);
  const clients = engineClients(engines[0].url, engines[1].url);
  await provision(template, clients, sqs.url, physical);
  const [queue] = resourcesOf(template, TYPE.queue).map(({ logicalId }) => physical.get(logicalId));
  if (!queue?.attributes.Arn) throw new Error('The template has no queue');
  const QueueUrl = engines[1].url + new URL(queue.ref).pathname;
  const receive = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
  return {
    dynamoDb,
    sqs,
    queueArn: queue.attributes.Arn,
    takeMessages: async () => {
      const all: Message[] = [];
      for (;;) {
        const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand(receive));
        if (Messages.length === 0) return all;
        all.push(...Messages);
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    close: async () => {
      clients.dynamoDb.destroy();
      clients.sqs.destroy();
      await Promise.all([dynamoDb.close(), sqs.close()]);
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}
