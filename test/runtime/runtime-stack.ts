import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { loadAssembly } from '../../local/assembly.ts';
import { defineFunctions, routesOf, runtimeEnvironment } from '../../local/definitions.ts';
import { startEngine } from '../../local/engines.ts';
import type { FunctionDefinition, LocalFunction } from '../../local/functions.ts';
import { ACCOUNT_ID, createResolver, REGION } from '../../local/intrinsics.ts';
import { engineClients, type Physical, provision } from '../../local/provision.ts';
import { createRouter } from '../../local/routes.ts';
import { resourcesOf, type Template, TYPE } from '../../local/template.ts';
import { API_HOST, API_ID, gatewayEvent, type Request, sqsEvent } from './events.ts';
import { type FunctionInstance, type Invoked, startInstance } from './function-instance.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Answer = APIGatewayProxyStructuredResultV2;

/** The functions of the template under the runtime client, with engines behind proxies. */
export type RuntimeStack = {
  dynamoDb: TcpProxy;
  sqs: TcpProxy;
  /** Names of all functions, which are their logical ids. */
  names: string[];
  /** Starts another instance of the function whose name contains this one. The test stops it. */
  start: (name: string, environment?: Record<string, string>) => Promise<FunctionInstance>;
  /** Invokes a function in the stack's own instance of it, which starts at its first event and stays warm. */
  invoke: (name: string, event: unknown) => Promise<Invoked>;
  /** The event of a request, and the name of the function that its route leads to. */
  route: (request: Request) => { name: string; event: unknown };
  /** Sends a request to the function that its route leads to. @throws Error when the function fails */
  request: (request: Request) => Promise<Answer>;
  /** Names of the functions that the stack has invoked. */
  invoked: () => string[];
  /** Takes all messages from the clicks queue. */
  takeMessages: () => Promise<Message[]>;
  /** Hands messages to deliver, as its event source mapping does. */
  deliver: (messages: Message[], instance?: FunctionInstance) => Promise<SQSBatchResponse>;
  close: () => Promise<void>;
};

/** A function that only has a name: the router asks for no more. */
const named = (name: string) => ({ name }) as LocalFunction;

const arnOfFunction = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;

function physicalNames(template: Template): Physical {
  const physical: Physical = new Map();
  for (const { logicalId } of resourcesOf(template, TYPE.api)) {
    physical.set(logicalId, { ref: API_ID, attributes: { ApiEndpoint: `https://${API_HOST}` } });
  }
  for (const { logicalId } of resourcesOf(template, TYPE.function)) {
    physical.set(logicalId, { ref: logicalId, attributes: { Arn: arnOfFunction(logicalId) } });
  }
  return physical;
}

/** Node options of the template, which threads of the local stack can't take, and processes can. */
function nodeOptions(template: Template, name: string): Record<string, string> {
  const properties = template.Resources[name]?.Properties ?? {};
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
  const { NODE_OPTIONS } = Variables;
  return NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS };
}

/** Copies bundles out of the project, whose package.json would change how they load. One copy of each is enough. */
function bundleCopies(folder: string) {
  const copies = new Map<string, Promise<string>>();
  return (bundle: string): Promise<string> => {
    const target = join(folder, basename(bundle));
    const copy = copies.get(bundle) ?? cp(bundle, target, { recursive: true }).then(() => target);
    copies.set(bundle, copy);
    return copy;
  };
}

/** What a function answered. @throws Error with what it reports, when it fails */
export function resultOf<T>(invoked: Invoked): T {
  if ('error' in invoked) throw new Error(`${invoked.error.errorType}: ${invoked.error.errorMessage}`);
  return invoked.value as T;
}

/**
 * Starts engines, creates the template's tables and queues, and copies the bundles. Functions start when they are needed.
 * @param environment what functions get in addition to the template's environment
 */
export async function startRuntimeStack(environment: Record<string, string> = {}): Promise<RuntimeStack> {
  const assembly = await loadAssembly(ROOT);
  const { template } = assembly;
  const engines = await Promise.all([
    startEngine('dynamodb', { warn: () => undefined }),
    startEngine('sqs', { warn: () => undefined }),
  ]);
  const [dynamoDb, sqs] = await Promise.all([startTcpProxy(engines[0].url), startTcpProxy(engines[1].url)]);
  const clients = engineClients(engines[0].url, engines[1].url);
  const physical = physicalNames(template);
  await provision(template, clients, sqs.url, physical);
  const resolve = createResolver(template, physical);
  const ofFunction = (name: string, memoryMb: number) => ({
    ...runtimeEnvironment(name, memoryMb, dynamoDb.url, sqs.url),
    ...nodeOptions(template, name),
    ...environment,
  });
  const definitions = await defineFunctions(assembly, resolve, ofFunction, true);
  const router = createRouter(
    routesOf(template, resolve, new Map(definitions.map(({ name }) => [name, named(name)]))),
  );
  const [queue] = resourcesOf(template, TYPE.queue).map(({ logicalId }) => physical.get(logicalId));
  const queueArn = queue?.attributes.Arn ?? '';
  const QueueUrl = engines[1].url + new URL(queue?.ref ?? '').pathname;

  const folder = await mkdtemp(join(tmpdir(), 'clickhook-runtime-'));
  const copyOf = bundleCopies(folder);
  const instances = new Map<string, Promise<FunctionInstance>>();
  const find = (name: string): FunctionDefinition => {
    const found =
      definitions.find((one) => one.name === name) ?? definitions.find((one) => one.name.includes(name));
    if (!found) throw new Error(`The template has no function ${name}`);
    return found;
  };
  const start: RuntimeStack['start'] = async (name, more) => {
    const definition = find(name);
    const bundle = await copyOf(definition.bundle);
    const ownEnvironment = { ...definition.environment, LAMBDA_TASK_ROOT: bundle };
    return startInstance({ ...definition, bundle, environment: ownEnvironment }, more);
  };
  const warm = (name: string) => {
    const full = find(name).name;
    const instance = instances.get(full) ?? start(full);
    instances.set(full, instance);
    return instance;
  };
  const invoke: RuntimeStack['invoke'] = async (name, event) => (await warm(name)).invoke(event);
  const route: RuntimeStack['route'] = (request) => {
    const matched = router(request.method, request.path);
    if (!matched) throw new Error(`No route takes ${request.method} ${request.path}`);
    const { routeKey, target } = matched.route;
    const { pathParameters } = matched;
    return { name: target.name, event: gatewayEvent(request, { routeKey, pathParameters }) };
  };
  return {
    dynamoDb,
    sqs,
    names: definitions.map(({ name }) => name),
    start,
    invoke,
    route,
    request: async (request) => {
      const { name, event } = route(request);
      return resultOf<Answer>(await invoke(name, event));
    },
    invoked: () => [...instances.keys()],
    takeMessages: async () => {
      const all: Message[] = [];
      for (;;) {
        const command = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
        const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand(command));
        if (Messages.length === 0) return all;
        all.push(...Messages);
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    deliver: async (messages, instance) => {
      const one = instance ?? (await warm('Deliver'));
      return resultOf<SQSBatchResponse>(await one.invoke(sqsEvent(queueArn, messages)));
    },
    close: async () => {
      await Promise.all([...instances.values()].map(async (one) => (await one).stop()));
      clients.dynamoDb.destroy();
      clients.sqs.destroy();
      await Promise.all([dynamoDb.close(), sqs.close()]);
      await Promise.all(engines.map((engine) => engine.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
