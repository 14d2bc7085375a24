import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Message } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { type Assembly, loadAssembly } from '../../local/assembly.ts';
import { defineFunctions, routesOf, runtimeEnvironment } from '../../local/definitions.ts';
import type { FunctionDefinition, LocalFunction } from '../../local/functions.ts';
import { ACCOUNT_ID, createResolver, REGION, type Resolve } from '../../local/intrinsics.ts';
import type { Physical } from '../../local/provision.ts';
import { createRouter } from '../../local/routes.ts';
import { resourcesOf, type Template, TYPE } from '../../local/template.ts';
import { API_HOST, API_ID, gatewayEvent, type Request, sqsEvent } from './events.ts';
import { type Environment, type FunctionInstance, type Invoked, startInstance } from './function-instance.ts';
import { type RuntimeEngines, startRuntimeEngines } from './runtime-engines.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Answer = APIGatewayProxyStructuredResultV2;

/** The functions of the template under the runtime client, with engines behind proxies. */
export type RuntimeStack = RuntimeEngines & {
  /** Names of all functions, which are their logical ids. */
  names: string[];
  /** Starts another instance of the function whose name contains this one. The test stops it. */
  start: (name: string, environment?: Environment) => Promise<FunctionInstance>;
  /** Invokes a function in the stack's own instance of it, which starts at its first event and stays warm. */
  invoke: (name: string, event: unknown) => Promise<Invoked>;
  /** Names of the functions that have such an instance. */
  invoked: () => string[];
  /** The event of a request, and the name of the function that its route leads to. */
  route: (request: Request) => { name: string; event: unknown };
  /** Sends a request to the function that its route leads to. @throws Error when the function fails */
  request: (request: Request) => Promise<Answer>;
  /** Hands messages to deliver, as its event source mapping does. @throws Error when the function fails */
  deliver: (messages: Message[], instance?: FunctionInstance) => Promise<SQSBatchResponse>;
};

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

/**
 * What the template sets in addition to the variables of a function: node options, which the local stack leaves out
 * because its functions are threads, and the log format, for which Lambda sets variables.
 */
function processSettings(template: Template, name: string): Record<string, string> {
  const { Environment = {}, LoggingConfig = {} } = template.Resources[name]?.Properties ?? {};
  const { NODE_OPTIONS } = (Environment as { Variables?: Record<string, string> }).Variables ?? {};
  const { LogFormat = 'Text', ApplicationLogLevel } = LoggingConfig as Record<string, string>;
  return {
    AWS_LAMBDA_LOG_FORMAT: LogFormat,
    ...(ApplicationLogLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: ApplicationLogLevel }),
    ...(NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS }),
  };
}

/** Finds which function a request of the HTTP API leads to, and its event. */
function createRoute(template: Template, resolve: Resolve, names: string[]): RuntimeStack['route'] {
  // The routes only pass their functions on.
  const functions = new Map(names.map((name) => [name, { name } as LocalFunction]));
  const router = createRouter(routesOf(template, resolve, functions));
  return (request) => {
    const matched = router(request.method, request.path);
    if (!matched) throw new Error(`No route takes ${request.method} ${request.path}`);
    const { routeKey, target } = matched.route;
    const { pathParameters } = matched;
    return { name: target.name, event: gatewayEvent(request, { routeKey, pathParameters }) };
  };
}

/**
 * Gives what starts instances of a function, from a copy of its bundle in this folder: the package.json of the project
 * would change how bundles load. One copy of each is enough.
 */
function createStart(definitions: FunctionDefinition[], folder: string): RuntimeStack['start'] {
  const copies = new Map<string, Promise<string>>();
  const copyOf = (bundle: string): Promise<string> => {
    const target = join(folder, basename(bundle));
    const copy = copies.get(bundle) ?? cp(bundle, target, { recursive: true }).then(() => target);
    copies.set(bundle, copy);
    return copy;
  };
  return async (name, more) => {
    const definition = definitions.find((one) => one.name.includes(name));
    if (!definition) throw new Error(`The template has no function ${name}`);
    const bundle = await copyOf(definition.bundle);
    const environment = { ...definition.environment, LAMBDA_TASK_ROOT: bundle };
    return startInstance({ ...definition, bundle, environment }, more);
  };
}

/** What a function answered. @throws Error with what it reports, when it fails */
export function resultOf<T>(invoked: Invoked): T {
  if ('error' in invoked) throw new Error(`${invoked.error.errorType}: ${invoked.error.errorMessage}`);
  return invoked.value as T;
}

/** The functions of the template, with the environment that it gives them. */
function defineAll(
  assembly: Assembly,
  resolve: Resolve,
  { dynamoDb, sqs }: RuntimeEngines,
  environment: Record<string, string>,
): Promise<FunctionDefinition[]> {
  const ofFunction = (name: string, memoryMb: number) => ({
    ...runtimeEnvironment(name, memoryMb, dynamoDb.url, sqs.url),
    ...processSettings(assembly.template, name),
    ...environment,
  });
  return defineFunctions(assembly, resolve, ofFunction, true);
}

/**
 * Starts the engines, and prepares all functions of the template. They start when they are needed.
 * @param environment what functions get in addition to the template's environment
 * @param given the assembly with the template and the bundles, if not that of the stack without options
 */
export async function startRuntimeStack(
  environment: Record<string, string> = {},
  given?: Assembly,
): Promise<RuntimeStack> {
  const assembly = given ?? (await loadAssembly(ROOT));
  const { template } = assembly;
  const physical = physicalNames(template);
  const engines = await startRuntimeEngines(template, physical);
  const resolve = createResolver(template, physical);
  const definitions = await defineAll(assembly, resolve, engines, environment);
  const names = definitions.map(({ name }) => name);
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-runtime-'));
  const start = createStart(definitions, folder);
  const route = createRoute(template, resolve, names);
  const instances = new Map<string, Promise<FunctionInstance>>();
  const invoke: RuntimeStack['invoke'] = async (name, event) => {
    const full = names.find((one) => one.includes(name)) ?? name;
    const instance = instances.get(full) ?? start(full);
    instances.set(full, instance);
    return (await instance).invoke(event);
  };
  return {
    ...engines,
    names,
    start,
    invoke,
    invoked: () => [...instances.keys()],
    route,
    request: async (request) => {
      const { name, event } = route(request);
      return resultOf<Answer>(await invoke(name, event));
    },
    deliver: async (messages, instance) => {
      const event = sqsEvent(engines.queueArn, messages);
      return resultOf<SQSBatchResponse>(await (instance?.invoke(event) ?? invoke('Deliver', event)));
    },
    close: async () => {
      await Promise.all([...instances.values()].map(async (one) => (await one).stop()));
      await engines.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
