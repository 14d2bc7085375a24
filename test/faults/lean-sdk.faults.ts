import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import { GEO_FILE, GEO_FOLDER, newGeoFile } from '../../lambdas/redirect/geo-file.ts';
import { redirectOptions } from '../../lib/bundles/options.ts';
import { httpEvent } from '../lambdas/http-event.ts';
import { AWS_FAULTS, SDK_GIVES_UP } from './aws-faults.ts';
import { fault } from './fault-table.ts';
import { type Behaviour, startFaultyAws } from './faulty-aws.ts';
import type { ClickResult } from './invoke-redirect.ts';

/** The redirect's own AWS client beside the AWS SDK: two clicks each, with the same faults. */
const SCRIPT = fileURLToPath(new URL('./invoke-redirect.ts', import.meta.url));
const CLICKS = 2;
/** More failures than a client retries: its quota is 35 retries. */
const MANY_CLICKS = 50;
/** A busy machine. */
const SLACK_MS = 400;
/** Both clients draw the same pauses, which are short enough for a click to wait for. */
const STEADY_PAUSES = 'data:text/javascript,Math.random = () => 0.1';
/** Nothing listens on this port. */
const CLOSED = 'http://127.0.0.1:1';

const OPERATIONS = { GetItem: 'AWS_ENDPOINT_URL_DYNAMODB', SendMessage: 'AWS_ENDPOINT_URL_SQS' };
type Operation = keyof typeof OPERATIONS;
type Sdk = 'lean' | 'full';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clickhook-lean-'));
  for (const sdk of ['lean', 'full'] as const)
    await build({ ...redirectOptions(sdk, sdk), outdir: folder, sourcemap: false });
  await mkdir(join(folder, GEO_FOLDER));
  const { bytes } = newGeoFile({ v4: 0, v6: 0, texts: 0, textBytes: 0 });
  for (const name of Object.values(GEO_FILE)) await writeFile(join(folder, GEO_FOLDER, name), bytes);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What an operator sees of two clicks: statuses, requests, lines, and lost clicks. `summary` is the short form for the table. */
type Seen = { statuses: string; summary: string; details: string[]; lost: number; slowestMs: number };

/**
 * A log line without what cannot be the same: times, places in the code, and the SDK's hints for programmers behind
 * messages. Its fields `__type`, `Error`, `Type`, `Code` and `RequestId` repeat others.
 */
function comparable(line: string): string {
  const { timestamp, _aws, error, ...more } = JSON.parse(line);
  if (_aws) return JSON.stringify({ ..._aws, Timestamp: 0, ...more });
  if (!error) return JSON.stringify(more);
  const {
    stack,
    location,
    __type,
    Error: _error,
    Type,
    Code,
    RequestId,
    message,
    $metadata,
    ...rest
  } = error;
  const { totalRetryDelay, ...metadata } = $metadata ?? {};
  const pauseMs = Math.round((totalRetryDelay ?? 0) / 10) * 10;
  return JSON.stringify({ ...more, error: { ...rest, message: message.split('\n')[0], metadata, pauseMs } });
}

function short(line: string): string {
  const { _aws, message, error } = JSON.parse(line);
  return _aws ? _aws.CloudWatchMetrics[0].Metrics[0].Name : `${message} (${error?.name})`;
}

const tally = (all: string[]) =>
  Object.entries(Object.groupBy(all, (one) => one)).map(([one, same]) => `${same?.length} × ${one}`);

async function runClicks(sdk: Sdk, urls: Record<string, string>, queueOrigin: string, times: number) {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'fault',
    AWS_SECRET_ACCESS_KEY: 'fault',
    ...urls,
    CLICKHOOK_TABLE_NAME: 'main',
    CLICKHOOK_CLICKS_QUEUE_URL: `${queueOrigin}/000000000000/clicks`,
    CLICKHOOK_BASE_URL: 'https://links.example.com',
  };
  const event = JSON.stringify(httpEvent({ path: '/sale' }));
  const script = [SCRIPT, join(folder, sdk, 'index.js'), event, String(times)];
  const child = spawn(process.execPath, ['--import', STEADY_PAUSES, ...script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const clicks: ClickResult[] = JSON.parse(/^SEEN (.*)$/m.exec(err)?.[1] ?? '[]');
  if (clicks.length !== times) throw new Error(`The redirect did not run:\n${err}`);
  return { clicks, lines: `${out}\n${err}`.split('\n').filter((line) => line.startsWith('{')) };
}

async function clicked(
  sdk: Sdk,
  operation: Operation,
  behave: Behaviour | undefined,
  times: number,
): Promise<Seen> {
  const aws = await startFaultyAws(operation, behave ?? (() => undefined));
  const urlOf = (one: Operation) => (one === operation && !behave ? CLOSED : aws.url);
  const urls = { [OPERATIONS.GetItem]: urlOf('GetItem'), [OPERATIONS.SendMessage]: urlOf('SendMessage') };
  const { clicks, lines } = await runClicks(sdk, urls, urlOf('SendMessage'), times);
  await aws.close();
  const statuses = clicks.map(({ status }) => status).join(' ');
  const tries = `${aws.requests[operation] ?? 0} × ${operation}`;
  return {
    statuses,
    summary: [...tally(statuses.split(' ')), tries, ...tally(lines.map(short)).sort()].join('; '),
    details: [statuses, tries, ...lines.map(comparable).sort()],
    lost: lines.map(short).filter((one) => one === 'ClickLost').length,
    slowestMs: Math.max(...clicks.map(({ durationMs }) => durationMs)),
  };
}

/** Runs both, one after the other, so that neither disturbs the other. */
async function both(
  operation: Operation,
  behave: Behaviour | undefined,
  times = CLICKS,
): Promise<[lean: Seen, full: Seen]> {
  const lean = await clicked('lean', operation, behave, times);
  return [lean, await clicked('full', operation, behave, times)];
}

function compared([lean, full]: [Seen, Seen]): { seen: string; good: boolean } {
  const only = (ours: Seen, theirs: Seen) => ours.details.filter((one) => !theirs.details.includes(one));
  const isSame = lean.details.join('\n') === full.details.join('\n');
  const isInTime = lean.slowestMs <= full.slowestMs + SLACK_MS;
  const seen = isSame
    ? lean.summary
    : `ours ${only(lean, full).join('; ')} — the SDK ${only(full, lean).join('; ')}`;
  const times = `${Math.round(lean.slowestMs)} and ${Math.round(full.slowestMs)} ms`;
  return { seen: `${seen}; ${times}`, good: isSame && isInTime };
}

const CASES: [title: string, behave: Behaviour | undefined, times?: number][] = [
  ['refuses connections', undefined],
  ...Object.entries(AWS_FAULTS),
  [`answers 500 to ${MANY_CLICKS} clicks`, AWS_FAULTS['answers 500'], MANY_CLICKS],
];

for (const operation of Object.keys(OPERATIONS) as Operation[]) {
  for (const [title, behave, times] of CASES) {
    fault(`${operation} ${title}: our AWS client and the SDK`, 'the same', async () =>
      compared(await both(operation, behave, times)),
    );
  }
}

const BETTER: [Operation, expected: string][] = [
  ['GetItem', 'ours 302 302, 0 lost; the SDK 302 503, 0 lost'],
  ['SendMessage', 'ours 302 302, 0 lost; the SDK 302 302, 1 lost'],
];
for (const [operation, expected] of BETTER) {
  for (const [title, behave] of Object.entries(SDK_GIVES_UP)) {
    fault(`${operation} ${title}`, expected, async () => {
      const [lean, full] = await both(operation, behave);
      return `ours ${lean.statuses}, ${lean.lost} lost; the SDK ${full.statuses}, ${full.lost} lost`;
    });
  }
}
