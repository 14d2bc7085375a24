import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pageGuard } from '../local/cross-site.ts';
import { createInbox } from '../local/inbox.ts';
import { type RunningStack, startStack } from '../local/stack.ts';
import { messageOf, StackError } from '../local/stack-error.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const log = (line: string) => process.stderr.write(`${line}\n`);

type Settings = { host: string; port: number; dataFolder: string | undefined; key: string };

/** @throws StackError that names the setting to change */
function readSettings(env: NodeJS.ProcessEnv): Settings {
  let memory: boolean | undefined;
  try {
    memory = parseArgs({ options: { memory: { type: 'boolean' } } }).values.memory;
  } catch (error) {
    throw new StackError(`${messageOf(error)}. The only option is --memory.`);
  }
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StackError(`PORT must be a whole number from 0 to 65535, not "${env.PORT}".`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port,
    dataFolder: memory ? undefined : env.CLICKHOOK_DATA || '.local',
    key: env.CLICKHOOK_API_KEY || DEFAULT_KEY,
  };
}

/**
 * The environment that functions get from this process. Deliveries may reach this machine, which the cloud never
 * allows.
 */
function localEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const { CLICKHOOK_DNS_SERVERS, CLICKHOOK_EDGE_SECRET, NODE_EXTRA_CA_CERTS } = env;
  return {
    CLICKHOOK_ALLOW_LOOPBACK: '1',
    ...(CLICKHOOK_EDGE_SECRET ? { CLICKHOOK_EDGE_SECRET } : {}),
    ...(CLICKHOOK_DNS_SERVERS ? { CLICKHOOK_DNS_SERVERS } : {}),
    ...(NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}),
  };
}

/** The README contains this key, so it is not a secret. */
const DEFAULT_KEY = 'ck_local';

const WORKSPACE_ID = 1;

type Link = { id: number; slug: string; url: string };
type Hook = { url: string };

/** Creates workspace 1 with this key through the stack's own function. */
async function seedWorkspace(stack: RunningStack, key: string): Promise<void> {
  for (const request of [
    { workspace_id: WORKSPACE_ID, key },
    { name: 'My workspace', key },
  ]) {
    const result = await stack.invoke('WorkspacesCreate', request);
    if ('error' in result)
      throw new StackError(`The workspace could not be created: ${result.error.errorMessage}`);
    const answer = result.value as { id?: number; error?: string; code?: string };
    if (answer.id === WORKSPACE_ID) return;
    if (answer.code !== 'not_found') {
      throw new StackError(
        `CLICKHOOK_API_KEY can't be the key of workspace 1: ${answer.error ?? 'it belongs to another workspace'}`,
      );
    }
  }
}

function apiClient(stack: RunningStack, key: string) {
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${stack.port}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as T & { error?: string; errors?: { slug?: unknown } };
    // A taken slug that no list shows belongs to a link in the trash. The user has put it there.
    if (response.ok || answer.errors?.slug) return answer;
    throw new StackError(`The sample link could not be created (${method} ${path}): ${answer.error}`);
  };
}

/**
 * Makes sure that workspace 1, the link /hello and a webhook to the inbox on this port exist. Repeating it changes
 * nothing.
 */
async function seed(stack: RunningStack, key: string): Promise<void> {
  await seedWorkspace(stack, key);
  const call = apiClient(stack, key);
  const inbox = `${stack.url}/inbox`;
  const ofAnotherPort = (url: string, path: string) =>
    new RegExp(`^http://localhost(:\\d+)?${path}$`).test(url) && !url.startsWith(`${inbox}`);

  const { links } = await call<{ links: Link[] }>(
    'GET',
    `/workspace/${WORKSPACE_ID}/list_links?search=/hello`,
  );
  const hello = links.find((link) => link.slug === '/hello');
  if (!hello)
    await call('POST', '/link', { slug: '/hello', name: 'Hello', url: inbox, public_analytics: true });
  else if (ofAnotherPort(hello.url, '/inbox')) await call('POST', '/link', { id: hello.id, url: inbox });

  const hooksPath = `/workspace/${WORKSPACE_ID}/webhooks`;
  const hooks = await call<Hook[]>('GET', hooksPath);
  for (const { url } of hooks.filter((hook) => ofAnotherPort(hook.url, '/inbox/clicks'))) {
    await call('DELETE', `${hooksPath}?url=${encodeURIComponent(url)}`);
  }
  await call('POST', hooksPath, { url: `${inbox}/clicks` });
}

const DRAIN_MS = 60_000;

async function stop(stack: RunningStack): Promise<never> {
  say('Stopping after the queued clicks are delivered');
  if (!(await stack.drain(DRAIN_MS)))
    log('Some queued clicks could not be delivered within 60 s. Stopping anyway.');
  await stack.close();
  process.exit(0);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const stack = await startStack({
    ...settings,
    root: fileURLToPath(new URL('..', import.meta.url)),
    dynamoDbEndpoint: process.env.CLICKHOOK_DYNAMODB_ENDPOINT,
    sqsEndpoint: process.env.CLICKHOOK_SQS_ENDPOINT,
    functionEnvironment: localEnvironment(process.env),
    extraRoutes: [createInbox(), ...(settings.key === DEFAULT_KEY ? [pageGuard('/api/')] : [])],
    logsAll: process.env.CLICKHOOK_LOG === 'all',
    say,
    log,
  });
  await seed(stack, settings.key);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop(stack);
    });
  }
  say(`Clickhook is ready at ${stack.url}`);
  say(`Try: curl -i ${stack.url}/hello, then open ${stack.url}/inbox; the dashboard is at ${stack.url}/app`);
}

main().catch((error: unknown) => {
  log(error instanceof StackError ? error.message : `Clickhook could not start: ${messageOf(error)}`);
  process.exit(1);
});
