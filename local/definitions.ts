import { type Assembly, bundleFolder } from './assembly.ts';
import type { FunctionDefinition, LocalFunction } from './functions.ts';
import { REGION, type Resolve } from './intrinsics.ts';
import { resourcesOf, type Template, TYPE } from './template.ts';

// The functions and routes of the template, as this machine runs them.

const DEFAULT_MAX_WORKERS = 3;
/** The two functions that handle clicks get more workers, as they would get more instances in Lambda. */
const MAX_WORKERS_BY_MEMORY = (memoryMb: number) => (memoryMb >= 768 ? 5 : DEFAULT_MAX_WORKERS);

/** The logical ids of the functions that queues feed. */
function queueFed(template: Template, resolve: Resolve): Set<string> {
  const mappings = resourcesOf(template, TYPE.eventSource);
  const names = mappings.map(({ properties }) => String(resolve(properties.FunctionName)));
  return new Set(names.map((name) => name.split(':').at(-1) ?? ''));
}

/** The variables that Lambda itself sets, and the addresses of the engines. */
export function runtimeEnvironment(
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

/** Every function of the template, with its bundle and its environment. */
export async function defineFunctions(
  { template, folder }: Assembly,
  resolve: Resolve,
  environment: (name: string, memoryMb: number) => Record<string, string>,
  logsMetrics: boolean,
): Promise<FunctionDefinition[]> {
  const functions = resourcesOf(template, TYPE.function);
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
      // Node options belong to the process. Threads cannot get them from an environment.
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
export function routesOf(template: Template, resolve: Resolve, functions: Map<string, LocalFunction>) {
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
