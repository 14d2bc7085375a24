import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accessLogLine } from './access-log.ts';
import { loadAssembly } from './assembly.ts';
import { defineFunctions, routesOf, runtimeEnvironment } from './definitions.ts';
import { type Engine, startEngine } from './engines.ts';
import { type InvocationResult, localFunction } from './functions.ts';
import { type Served, startGateway } from './gateway.ts';
import { createResolver, REGION } from './intrinsics.ts';
import { engineClients, type Physical, provision, startReaper } from './provision.ts';
import { startPollers } from './queue-poller.ts';
import { createRouter, type ExtraRoute } from './routes.ts';
import { removalStreams } from './table-streams.ts';
import { resourcesOf, type Template, TYPE, unknownResources } from './template.ts';

export type StackOptions = {
  /** The folder of the project. */
  root: string;
  host: string;
  port: number;
  /** The folder for data. Without it, nothing is kept. */
  dataFolder: string | undefined;
  dynamoDbEndpoint: string | undefined;
  sqsEndpoint: string | undefined;
  /** Environment variables that every function gets in addition to the template's. */
  functionEnvironment: Record<string, string>;
  extraRoutes: ExtraRoute[];
  /** Whether everything is logged that the cloud would log, including metrics and the gateway's access log. */
  logsAll: boolean;
  /** Startup lines. */
  say: (line: string) => void;
  /** Function logs and warnings. */
  log: (line: string) => void;
};

export type RunningStack = {
  /** The origin, without a trailing slash. */
  url: string;
  port: number;
  /** Invokes the function whose logical id contains this name. */
  invoke: (name: string, event: unknown) => Promise<InvocationResult>;
  /** Stops accepting requests and waits, at most this long, until nothing is queued or in flight. */
  drain: (timeoutMs: number) => Promise<boolean>;
  close: () => Promise<void>;
};

function accessLog(template: Template, log: (line: string) => void): Served['accessLog'] {
  const line = accessLogLine(template);
  return line && ((...request) => log(`Gateway: ${line(...request)}`));
}

async function startEngines(options: StackOptions): Promise<[dynamoDb: Engine, sqs: Engine]> {
  const { dataFolder, log: warn } = options;
  const dynamoDb = await startEngine('dynamodb', { endpoint: options.dynamoDbEndpoint, dataFolder, warn });
  try {
    return [dynamoDb, await startEngine('sqs', { endpoint: options.sqsEndpoint, dataFolder, warn })];
  } catch (error) {
    await dynamoDb.close();
    throw error;
  }
}

const arnOfFunction = (name: string) => `arn:aws:lambda:${REGION}:000000000000:function:${name}`;

/**
 * Runs the synthesized template on this machine.
 * @throws StackError when there is a problem that the user can fix
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { say, log } = options;
  const served: Served = {
    routes: undefined,
    functions: new Map(),
    extra: options.extraRoutes,
    accessLog: undefined,
  };
  const { server, port } = await startGateway(served, options.host, options.port);
  const startedMs = performance.now();
  const engines = startEngines(options);
  const [assembly, [dynamoDb, sqs]] = await Promise.all([loadAssembly(options.root), engines]);
  const { template } = assembly;
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  say(
    assembly.synthesized
      ? `Synthesized the stack in ${seconds} s`
      : 'The stack is unchanged since it was synthesized',
  );
  const unknown = unknownResources(template);
  if (unknown.length > 0) say(`These resources do not run locally: ${unknown.join(', ')}`);

  const clients = engineClients(dynamoDb.url, sqs.url);
  const physical: Physical = new Map();
  for (const { logicalId } of resourcesOf(template, TYPE.api)) {
    physical.set(logicalId, { ref: 'local', attributes: { ApiEndpoint: `http://localhost:${port}` } });
  }
  for (const { logicalId } of resourcesOf(template, TYPE.function)) {
    physical.set(logicalId, { ref: logicalId, attributes: { Arn: arnOfFunction(logicalId) } });
  }
  await provision(template, clients, sqs.url, physical);
  say(`Tables and queues are in ${options.dataFolder ? join(options.dataFolder) : 'memory'}`);

  const resolve = createResolver(template, physical);
  const environment = (name: string, memoryMb: number) => ({
    ...runtimeEnvironment(name, memoryMb, dynamoDb.url, sqs.url),
    ...options.functionEnvironment,
  });
  const definitions = await defineFunctions(assembly, resolve, environment, options.logsAll);
  const functions = new Map(
    definitions.map((definition) => [definition.name, localFunction(definition, log)]),
  );
  served.functions = functions;
  const routes = routesOf(template, resolve, functions);
  served.routes = createRouter(routes);
  served.accessLog = options.logsAll ? accessLog(template, log) : undefined;
  const pollers = startPollers(template, resolve, functions, clients, physical, log);
  const removed = removalStreams(template, resolve, functions, log);
  const stopReaper = startReaper(template, clients, physical, removed, log);
  say(`${functions.size} functions serve ${routes.length} routes`);

  return {
    url: `http://localhost:${port}`,
    port,
    invoke: (name, event) => {
      const found = [...functions.values()].find((one) => one.name.includes(name));
      if (!found) throw new Error(`The template has no function ${name}`);
      return found.invoke(event);
    },
    drain: async (timeoutMs) => {
      served.routes = undefined;
      const signal = AbortSignal.timeout(timeoutMs);
      const givenUp = delay(timeoutMs, false, { ref: false });
      return Promise.race([
        Promise.all(pollers.map((poller) => poller.drained(signal))).then(() => !signal.aborted),
        givenUp,
      ]);
    },
    close: async () => {
      stopReaper();
      await Promise.all(pollers.map((poller) => poller.stop()));
      await Promise.all([...functions.values()].map((one) => one.close()));
      server.close();
      server.closeAllConnections();
      clients.dynamoDb.destroy();
      clients.sqs.destroy();
      await Promise.all([dynamoDb.close(), sqs.close()]);
    },
  };
}
