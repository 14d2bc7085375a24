import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import { redirectOptions } from '../../lib/bundles/options.ts';
import { httpEvent } from '../lambdas/http-event.ts';
import { type DropMode, startDroppingEngine } from './dropping-engine.ts';
import { fault } from './fault-table.ts';
import type { ClickResult } from './invoke-redirect.ts';

/** A function that was frozen between clicks. Each of its kept-alive sockets is dead when the next click arrives. */
const SCRIPT = fileURLToPath(new URL('./invoke-redirect.ts', import.meta.url));
const CLICKS = 10;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clickhook-frozen-'));
  await build({ ...redirectOptions('lean', '.'), outdir: folder, sourcemap: false });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function clickTenTimes(url: string): Promise<ClickResult[]> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'fault',
    AWS_SECRET_ACCESS_KEY: 'fault',
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_SQS: url,
    CLICKHOOK_TABLE_NAME: 'main',
    CLICKHOOK_CLICKS_QUEUE_URL: `${url}/000000000000/clicks`,
    CLICKHOOK_BASE_URL: 'https://links.example.com',
  };
  const event = JSON.stringify(httpEvent({ path: '/sale' }));
  const child = spawn(process.execPath, [SCRIPT, join(folder, 'index.js'), event, String(CLICKS)], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [written] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const seen = /^SEEN (.*)$/m.exec(written)?.[1];
  if (seen === undefined) throw new Error(`The redirect did not run:\n${written}`);
  return JSON.parse(seen);
}

const CASES: [how: string, mode: DropMode][] = [
  ['are reset', 'reset'],
  ['are closed', 'end'],
  ['stay silent', 'silent'],
];
for (const [how, mode] of CASES) {
  fault(`sockets that were kept from the last click ${how}`, '10 of 10 redirected, 10 queued', async () => {
    const engine = await startDroppingEngine(mode);
    const seen = await clickTenTimes(engine.url);
    await engine.close();
    const redirected = seen.filter(({ status }) => status === 302).length;
    const row = `${redirected} of ${CLICKS} redirected, ${new Set(engine.clicks).size} queued`;
    // Without a dropped socket, the test would prove nothing.
    return engine.forgotten() >= CLICKS ? row : `${row}, but only ${engine.forgotten()} dead sockets`;
  });
}
