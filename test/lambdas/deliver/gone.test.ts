import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { removeGone } from '../../../lambdas/deliver/gone.ts';
import { type Subscriber, subscribersOf } from '../../../lambdas/deliver/subscriber.ts';
import { hookId } from '../../../lambdas/hooks/hook.ts';
import { addHook, readStoredHooks, removeHooks } from '../../../lambdas/hooks/store.ts';
import { createLink } from '../../../lambdas/links/store.ts';
import { table } from '../../../lambdas/table.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { engineTable } from '../engine-table.ts';

const URL_ = 'https://hooks.example.com/in?secret=1';
const OTHER = 'https://hooks.example.com/other';
const engine = engineTable();
let written: () => string[];

beforeEach(async () => {
  written = capturedOutput();
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  await createLink(1, { url: 'https://example.com/', slug: '/sale' });
});

const from = () => ({ table, tableName: 'main', abortSignal: AbortSignal.timeout(60_000) });
const subscribers = async (owner: string) => subscribersOf(owner, await readStoredHooks(owner));
const urls = async (owner: string) => (await readStoredHooks(owner)).map(({ url }) => url);
const counted = (name: string) => written().filter((line) => line.includes(`"${name}":1`)).length;

/** The webhook with this URL, as deliver reads it. */
async function subscriber(owner: string, url = URL_): Promise<Subscriber> {
  const found = (await subscribers(owner)).find((one) => one.url === url);
  if (!found) throw new Error('There is no such webhook');
  return found;
}

describe('a webhook that answered 410 Gone', () => {
  test('is removed, alone, with a log line and a count', async () => {
    for (const owner of ['LINK#1', 'WORKSPACE#1']) for (const url of [URL_, OTHER]) await addHook(owner, url);
    await removeGone(from(), [await subscriber('LINK#1')]);
    expect(await urls('LINK#1')).toEqual([OTHER]);
    expect(await urls('WORKSPACE#1')).toHaveLength(2);
    expect(counted('HookRemoved')).toBe(1);
    const logged = JSON.stringify(jest.mocked(logger.info).mock.calls);
    expect(logged).toContain('{"owner":"LINK#1","host":"hooks.example.com"}');
    expect(logged).not.toContain('secret');
  });

  test('is removed from its workspace and stays at the link, which is another webhook', async () => {
    for (const owner of ['LINK#1', 'WORKSPACE#1']) await addHook(owner, URL_);
    await removeGone(from(), [await subscriber('WORKSPACE#1')]);
    expect([await urls('LINK#1'), await urls('WORKSPACE#1')]).toEqual([[URL_], []]);
    expect(await engine.read('WORKSPACE#1', 'SETTINGS')).toBeDefined();
  });

  test('is removed in every spelling that older versions stored', async () => {
    await addHook('LINK#1', URL_);
    const stored = { url: `${URL_}#old`, created_at: '2020', hook_id: 'b'.repeat(32) };
    await engine.put({ pk: 'LINK#1', sk: `HOOK#${stored.hook_id}`, ...stored });
    const [one, ...others] = await subscribers('LINK#1');
    expect([one?.url, others]).toEqual([stored.url, []]);
    await removeGone(from(), one ? [one] : []);
    expect(await urls('LINK#1')).toEqual([]);
    expect(counted('HookRemoved')).toBe(1);
  });

  test('stays if it was deleted and added again in the meantime', async () => {
    await addHook('LINK#1', URL_);
    const read = await subscriber('LINK#1');
    await removeHooks('LINK#1', read.stored);
    // The clock counts milliseconds.
    jest.spyOn(Date.prototype, 'toISOString').mockReturnValue('2099-01-01T00:00:00.000Z');
    await addHook('LINK#1', URL_);
    await removeGone(from(), [read]);
    expect(await urls('LINK#1')).toEqual([URL_]);
    expect(counted('HookRemoved') + counted('HookNotRemoved')).toBe(0);
  });

  test('that was deleted in the meantime is not counted', async () => {
    await addHook('LINK#1', URL_);
    const read = await subscriber('LINK#1');
    await removeHooks('LINK#1', read.stored);
    await removeGone(from(), [read]);
    expect(counted('HookRemoved') + counted('HookNotRemoved')).toBe(0);
  });

  test('stays when the table fails: the failure is counted and not thrown, and the others are removed', async () => {
    for (const url of [URL_, OTHER]) await addHook('LINK#1', url);
    const failing = hookId('LINK#1', URL_);
    engine.atWrite((_write, send, [operation]) =>
      operation.Key.sk === `HOOK#${failing}` ? Promise.reject(new Error('throttled')) : send(),
    );
    await removeGone(from(), await subscribers('LINK#1'));
    expect(await urls('LINK#1')).toEqual([URL_]);
    expect([counted('HookRemoved'), counted('HookNotRemoved')]).toEqual([1, 1]);
  });
});
