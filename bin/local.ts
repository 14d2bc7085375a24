import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pageGuard } from '../local/cross-site.ts';
import { createInbox } from '../local/inbox.ts';
import { seed } from '../local/seed.ts';
import { type RunningStack, startStack } from '../local/stack.ts';
import { messageOf, StackError } from '../local/stack-error.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const log = (line: string) => process.stderr.write(`${line}\n`);

type Settings = { host: string; port: number; dataFolder: string | undefined; key: string };

/** @throws StackError with the setting that has to change */
function readSettings(env: NodeJS.ProcessEnv): Settings {
  let memory: boolean | undefined;
  try {
    memory = parseArgs({ options: { memory: { type: 'boolean' } } }).values.memory;
  } catch (error) {
    throw new StackError(`${messageOf(error)} (the one option is --memory)`);
  }
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StackError(`PORT must be a whole number from 0 to 65535, not "${env.PORT}"`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port,
    dataFolder: memory ? undefined : env.CLICKHOOK_DATA || '.local',
    key: env.CLICKHOOK_API_KEY || DEFAULT_KEY,
  };
}

/** What functions get from this process: deliveries may reach this machine, which they never may in the cloud. */
function localEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const { CLICKHOOK_DNS_SERVERS, CLICKHOOK_EDGE_SECRET, NODE_EXTRA_CA_CERTS } = env;
  return {
    CLICKHOOK_ALLOW_LOOPBACK: '1',
    ...(CLICKHOOK_EDGE_SECRET ? { CLICKHOOK_EDGE_SECRET } : {}),
    ...(CLICKHOOK_DNS_SERVERS ? { CLICKHOOK_DNS_SERVERS } : {}),
    ...(NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}),
  };
}

/** The README names it, so that it is a secret to nobody. */
const DEFAULT_KEY = 'ck_local';

const DRAIN_MS = 60_000;

async function stop(stack: RunningStack): Promise<never> {
  say('Stopping: delivering what is queued');
  if (!(await stack.drain(DRAIN_MS))) log('Not everything could be delivered within 60 s: given up');
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
