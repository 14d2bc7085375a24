import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../local/engines.ts';
import { dataFolder, type LocalStack, spawnLocal, startLocal } from './local-stack.ts';
import { startReceiver } from './receiver.ts';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function folder(): Promise<string> {
  const { path, remove } = await dataFolder();
  cleanUps.push(remove);
  return path;
}

async function start(env: Record<string, string>, args?: string[]): Promise<LocalStack> {
  const stack = await startLocal(env, args);
  cleanUps.push(() => stack.stop());
  return stack;
}

async function receiver(...args: Parameters<typeof startReceiver>) {
  const started = await startReceiver(...args);
  cleanUps.push(started.close);
  return started;
}

async function subscribedLink(stack: LocalStack, url: string): Promise<{ id: number; slug: string }> {
  const { body } = await stack.call('POST', '/link', { url: 'https://example.com/' });
  await stack.call('POST', `/link/${body.id}/webhooks`, { url });
  return body;
}

describe('a stack that keeps its data', () => {
  test('still has its links and webhooks after kill -9, and delivers', async () => {
    const env = { CLICKHOOK_DATA: await folder() };
    const target = await receiver();
    const first = await start(env, []);
    const link = await subscribedLink(first, target.url);
    await first.stop('SIGKILL');

    const second = await start(env, []);
    const { body } = await second.call('GET', `/link/${link.id}`);
    expect(body).toMatchObject({ id: link.id, slug: link.slug, webhooks: [`${target.url}/`] });
    expect((await second.click(link.slug)).status).toBe(302);
    await target.waitFor(1);
    expect(await second.stop()).toBe(0);
  });

  test('rejects a second run at the same time with one line', async () => {
    const CLICKHOOK_DATA = await folder();
    await start({ CLICKHOOK_DATA }, []);
    const { code, lines } = await failedStart({ CLICKHOOK_DATA }, []);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/is in use by another local stack\. Stop that one, or set CLICKHOOK_DATA/);
  });
});

/** How often these names were counted, according to the metric lines of an output. */
function counted(output: string, names: string[]): number {
  const lines = output.split('\n').filter((line) => line.includes('"_aws"'));
  const metrics = lines.map((line): Record<string, unknown> => JSON.parse(line.slice(line.indexOf('{'))));
  return metrics.flatMap((one) => names.map((name) => Number(one[name] ?? 0))).reduce((a, b) => a + b, 0);
}

describe('SIGTERM', () => {
  test('with queued clicks stops accepting requests, delivers all clicks, and exits with 0', async () => {
    // The first ones use all of deliver's capacity, so that the others wait.
    const CLICKS = 30;
    const held: (() => void)[] = [];
    let holding = true;
    const target = await receiver((response) => {
      const answer = () => response.writeHead(204).end();
      if (holding) held.push(answer);
      else answer();
    });
    const stack = await start({ CLICKHOOK_LOG: 'all' });
    const link = await subscribedLink(stack, target.url);
    // One after the other, because all at once would make a busy machine exceed the time limits of queue and tables.
    for (let number = 0; number < CLICKS; number++) {
      expect((await stack.click(link.slug)).status).toBe(302);
    }
    await target.waitFor(1);
    const exit = stack.stop('SIGTERM');
    while (!stack.output().includes('Stopping'))
      await once(stack.process.stdout as NodeJS.ReadableStream, 'data');
    const late = await stack.click(link.slug);
    expect(late.status).toBe(503);
    holding = false;
    for (const answer of held) answer();
    expect(await exit).toBe(0);
    // On a busy machine the queue or a table may exceed its time limit. Such a click is counted as lost, or only its
    // answer was late.
    const missed = counted(stack.output(), ['ClickLost', 'ClaimAmbiguous', 'ClickReturned']);
    expect(target.received.length).toBeGreaterThanOrEqual(CLICKS - missed);
    expect(target.received.length).toBeLessThanOrEqual(CLICKS);
    expect(missed).toBeLessThan(CLICKS / 2);
  });
});

describe('external engines', () => {
  test('are used when their endpoints are set, and keep the data', async () => {
    const options = { warn: () => undefined };
    const engines = await Promise.all([startEngine('dynamodb', options), startEngine('sqs', options)]);
    for (const engine of engines) cleanUps.push(engine.close);
    const env = { CLICKHOOK_DYNAMODB_ENDPOINT: engines[0].url, CLICKHOOK_SQS_ENDPOINT: engines[1].url };
    const target = await receiver();
    const first = await start(env);
    const link = await subscribedLink(first, target.url);
    await first.stop();
    const second = await start(env);
    expect((await second.click(link.slug)).status).toBe(302);
    await target.waitFor(1);
  });
});

async function failedStart(env: Record<string, string>, args: string[] = ['--memory']) {
  const { child, output } = spawnLocal(env, args);
  const [code] = await once(child, 'close');
  return { code, lines: output().trim().split('\n') };
}

describe('a start that cannot work ends with one clear line and exit code 1:', () => {
  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, lines } = await failedStart({ PORT: String(port) });
    other.close();
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [`Port ${port} is in use. Stop the program that uses it, or set PORT to another port.`],
    });
  });

  test.each([
    [{ PORT: 'http' }, [], /^PORT must be a whole number from 0 to 65535, not "http"\.$/],
    [
      { HOST: '192.0.2.1' },
      ['--memory'],
      /^Clickhook can't listen on 192\.0\.2\.1:0 .*Check HOST and PORT\.$/,
    ],
    [{}, ['--nothing'], /--nothing.*The only option is --memory/],
  ])('%j %j', async (env, args, sentence) => {
    const { code, lines } = await failedStart(env as Record<string, string>, args);
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(sentence);
  });

  test('a data folder that is a file', async () => {
    const file = join(await folder(), 'file');
    await writeFile(file, '');
    const { code, lines } = await failedStart({ CLICKHOOK_DATA: file }, []);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/The data folder .* can't be created, because a file with that name exists/);
  });

  test('a data folder with broken data', async () => {
    const path = await folder();
    const first = await start({ CLICKHOOK_DATA: path }, []);
    await first.stop();
    await writeFile(join(path, 'dynamodb', 'CURRENT'), 'broken');
    const { code, lines } = await failedStart({ CLICKHOOK_DATA: path }, []);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/can't be opened .*Remove the folder to start without data/);
  });
});
