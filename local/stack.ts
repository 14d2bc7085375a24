import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accessLogLine } from './access-log.ts';
import { type Assembly, bundleFolder, loadAssembly } from './assembly.ts';
import { type Engine, startEngine } from './engines.ts';
import {
  type FunctionDefinition,
  type InvocationResult,
  type LocalFunction,
  localFunction,
} from './functions.ts';
import { type Served, startGateway } from './gateway.ts';
import { createResolver, existsIn, type PhysicalResource, REGION, type Resolve } from './intrinsics.ts';
import { engineClients, provisionQueue, provisionTable, reapExpired } from './provision.ts';
import { type QueuePoller, startQueuePoller } from './queue-poller.ts';
import { createRouter, type ExtraRoute } from './routes.ts';
import { resourcesOf, type Template, TYPE, unknownResources } from './template.ts';

export type StackOptions = {
  /** Folder of the project. */
  root: string;
  host: string;
  port: number;
  /** Folder for what lasts; nothing lasts without it. */
  dataFolder: string | undefined;
  dynamoDbEndpoint: string | undefined;
  sqsEndpoint: string | undefined;
  /** Environment that every function gets beside the template's. */
  functionEnvironment: Record<string, string>;
  extraRoutes: ExtraRoute[];
  /** Whether all is logged that the cloud would write: metrics and the gateway's access log too. */
  logsAll: boolean;
  /** Startup lines. */
  say: (line: string) => void;
  /** Function logs and warnings. */
  log: (line: string) => void;
};

export type RunningStack = {
  /** Origin, without a trailing slash. */
  url: string;
  port: number;
  /** Invokes the function whose logical id contains this name. */
  invoke: (name: string, event: unknown) => Promise<InvocationResult>;
  /** Takes no more requests and waits, at most this long, until nothing is queued or in flight. */
  drain: (timeoutMs: number) => Promise<boolean>;
  close: () => Promise<void>;
};

type Physical = Map<string, PhysicalResource>;
type Clients = ReturnType<typeof engineClients>;

async function provision(
  template: Template,
  clients: Clients,
  sqsUrl: string,
  physical: Physical,
): Promise<void> {
  for (const table of resourcesOf(template, TYPE.table, TYPE.globalTable)) {
    physical.set(table.logicalId, await provisionTable(clients.dynamoDb, table));
  }
  for (const queue of resourcesOf(template, TYPE.queue)) {
    physical.set(queue.logicalId, await provisionQueue(clients.sqs, sqsUrl, queue));
  }
}

const REAP_INTERVAL_MS = 60_000;

/** Deletes expired items of tables with a time to live now and every minute. @returns what stops it */
function startReaper(
  template: Template,
  clients: Clients,
  physical: Physical,
  log: (line: string) => void,
): () => void {
  const reap = async () => {
    for (const { logicalId, properties } of resourcesOf(template, TYPE.table, TYPE.globalTable)) {
      const ttl = properties.TimeToLiveSpecification as
        | { AttributeName?: string; Enabled?: boolean }
        | undefined;
      const keys = (properties.KeySchema as { AttributeName: string }[]).map((key) => key.AttributeName);
      const name = physical.get(logicalId)?.ref;
      if (ttl?.Enabled && ttl.AttributeName && name)
        await reapExpired(clients.dynamoDb, name, ttl.AttributeName, keys);
    }
  };
  const run = () =>
    reap().catch((error: Error) => log(`Expired items could not be removed: ${error.message}`));
  run();
  const timer = setInterval(run, REAP_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

const DEFAULT_MAX_WORKERS = 3;
/** Functions behind public routes get more, as they would in Lambda. */
const MAX_WORKERS_BY_MEMORY = (memoryMb: number) => (memoryMb >= 1024 ? 5 : DEFAULT_MAX_WORKERS);

/** Logical ids of the functions that queues feed. */
function queueFed(template: Template, resolve: Resolve): Set<string> {
  const mappings = resourcesOf(template, TYPE.eventSource);
  const names = mappings.map(({ properties }) => String(resolve(properties.FunctionName)));
  return new Set(names.map((name) => name.split(':').at(-1) ?? ''));
}

/** What Lambda itself sets, and where the engines are. */
function runtimeEnvironment(
  name: string,
  memoryMb: number,
  dynamoDbUrl: string,
  sqsUrl: string,
): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl,
    AWS_ENDPOINT_URL_SQS: sqsUrl,
    TZ: ':UTC',
  };
}

async function defineFunctions(
  { template, folder }: Assembly,
  resolve: Resolve,
  environment: (name: string, memoryMb: number) => Record<string, string>,
  logsMetrics: boolean,
): Promise<FunctionDefinition[]> {
  const functions = resourcesOf(template, TYPE.function).filter(({ resource }) =>
    existsIn(template, resource.Condition),
  );
  const fed = queueFed(template, resolve);
  return Promise.all(
    functions.map(async ({ logicalId, properties, resource }) => {
      const resolved = resolve(properties) as {
        Handler: string;
        Timeout?: number;
        MemorySize?: number;
        Environment?: { Variables?: Record<string, string> };
      };
      const memoryMb = resolved.MemorySize ?? 128;
      // Node options are the process's own: threads can't take them from an environment.
      const { NODE_OPTIONS: _options, ...variables } = resolved.Environment?.Variables ?? {};
      const bundle = await bundleFolder(folder, logicalId, resource);
      return {
        name: logicalId,
        bundle,
        handler: resolved.Handler,
        timeoutMs: (resolved.Timeout ?? 3) * 1_000,
        memoryMb,
        environment: { ...environment(logicalId, memoryMb), LAMBDA_TASK_ROOT: bundle, ...variables },
        maxWorkers: MAX_WORKERS_BY_MEMORY(memoryMb),
        fedByQueue: fed.has(logicalId),
        logsMetrics,
      };
    }),
  );
}

/** The function behind each route of the template. */
function routesOf(template: Template, resolve: Resolve, functions: Map<string, LocalFunction>) {
  const integrations = new Map(
    resourcesOf(template, TYPE.integration).map(({ logicalId, properties }) => {
      const uri = String(resolve(properties.IntegrationUri));
      return [logicalId, functions.get(uri.split(':').at(-1) ?? '')] as const;
    }),
  );
  return resourcesOf(template, TYPE.route).flatMap(({ properties }): [string, LocalFunction][] => {
    const { RouteKey, Target } = resolve(properties) as { RouteKey: string; Target: string };
    const target = integrations.get(Target.replace('integrations/', ''));
    return target ? [[RouteKey, target]] : [];
  });
}

function startPollers(
  template: Template,
  resolve: Resolve,
  functions: Map<string, LocalFunction>,
  clients: Clients,
  physical: Physical,
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
      maxConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? DEFAULT_MAX_WORKERS,
      reportsItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      warn,
    });
  });
}

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
 * @throws StackError with one sentence, when something stands in the way that a person can fix
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
  if (unknown.length > 0) say(`Not run here: ${unknown.join(', ')}`);

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
  const stopReaper = startReaper(template, clients, physical, log);
  say(`${functions.size} functions behind ${routes.length} routes`);

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
