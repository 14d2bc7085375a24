import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newSigningSecret } from '../../lambdas/signing-secrets/signing-secret.ts';
import { click } from '../lambdas/deliver/sample-click.ts';
import { codeOf } from './code-of.ts';

const SECRET = newSigningSecret(null).secret;

/** How each receiver is started: the command with its file and port. */
const RECEIVERS: [language: string, file: string, command: (file: string, port: number) => string[]][] = [
  ['js', 'receiver.mjs', (file) => [process.execPath, file]],
  ['python', 'receiver.py', (file) => ['python3', file]],
  ['php', 'receiver.php', (file, port) => ['php', '-S', `127.0.0.1:${port}`, file]],
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe.each(RECEIVERS)('the receiver in %s', (language, file, command) => {
  let folder: string;
  let child: ChildProcess;
  let output = '';
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clickhook-recipe-'));
    const path = join(folder, file);
    await writeFile(path, await codeOf('receiver', language));
    port = await freePort();
    const [program = '', ...args] = command(path, port);
    child = spawn(program, args, {
      env: {
        ...process.env,
        CLICKHOOK_SECRET: SECRET,
        CLICKHOOK_SEEN: join(folder, 'seen'),
        PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const failed = once(child, 'error').then(([error]) => {
      throw new Error(`${program} could not be started: ${error.message}`);
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    const listening = async () => {
      while (!(await fetch(`http://127.0.0.1:${port}`, { method: 'POST' }).catch(() => undefined)))
        await delay(20);
    };
    await Promise.race([listening(), failed]);
  });

  afterAll(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true });
  });

  const bodyOf = (number: number) => {
    const { payload } = click(number);
    payload.link.full_url = `https://links.example.com/größe-${number}`;
    return JSON.stringify(payload);
  };

  async function deliver(
    id: string,
    body: string,
    {
      secrets = [SECRET],
      now = new Date(),
      sent = body,
    }: { secrets?: string[]; now?: Date; sent?: string } = {},
  ): Promise<number> {
    const { status } = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: sent,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
      },
    });
    return status;
  }

  /** Waits until the receiver has used a click, and says how often. */
  async function used(number: number): Promise<number> {
    const line = `https://links.example.com/größe-${number} was clicked from an unknown country`;
    while (!output.includes(line)) await delay(10);
    return output.split(line).length - 1;
  }

  test('uses a signed click once, however often it arrives', async () => {
    for (let copy = 0; copy < 3; copy++) expect(await deliver('msg_1', bodyOf(1))).toBe(204);
    expect(await deliver('msg_2', bodyOf(2))).toBe(204);
    expect([await used(2), await used(1)]).toEqual([1, 1]);
  });

  test('accepts either of two signatures while a secret is replaced', async () => {
    expect(await deliver('msg_3', bodyOf(3), { secrets: [newSigningSecret(null).secret, SECRET] })).toBe(204);
    expect(await used(3)).toBe(1);
  });

  test.each([
    ['another secret', { secrets: [newSigningSecret(null).secret] }],
    ['a time ten minutes ago', { now: new Date(Date.now() - 600_000) }],
    ['another body', { sent: bodyOf(5) }],
    ['no signature', { secrets: [] }],
  ])('refuses %s and does not use it', async (_title, forged) => {
    expect(await deliver('msg_4', bodyOf(4), forged)).toBe(401);
    expect(await deliver('msg_6', bodyOf(6))).toBe(204);
    await used(6);
    expect(output).not.toMatch(/größe-[45] was clicked/);
  });

  test('refuses a request without headers', async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
    expect(status).toBe(401);
  });
});
