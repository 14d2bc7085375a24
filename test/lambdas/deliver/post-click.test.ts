import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { poster } from '../../../lambdas/deliver/post-click.ts';
import { openSockets } from '../../../lambdas/deliver/sockets.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { LATE_END_MS, type Misbehaving, startMisbehaving } from '../../faults/misbehaving.ts';
import { wasGivenUpAt5s } from '../../given-up.ts';
import { capturedOutput } from '../captured-output.ts';
import { click } from './sample-click.ts';

let receiver: Misbehaving;

beforeEach(async () => {
  process.env.CLICKHOOK_ALLOW_LOOPBACK = '1';
  capturedOutput();
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  receiver = await startMisbehaving();
});

afterEach(async () => {
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  jest.restoreAllMocks();
  await receiver.close();
});

const to = (...paths: string[]) => ({
  secret: null,
  hooks: paths.map((path) => ({
    hook_id: path,
    url: `http://127.0.0.1:${receiver.port}/${path}`,
    created_at: '2025',
  })),
});

test('a post that waits for its turn has 5 s of its own, from when it starts', async () => {
  const sockets = openSockets(1);
  const { postAll } = poster(sockets);
  const startMs = performance.now();
  const tookMs = async (number: number) => {
    await postAll(click(number), to(`hang/${number}`));
    return performance.now() - startMs;
  };
  const [firstMs = 0, secondMs = 0] = await Promise.all([1, 2].map(tookMs));
  await sockets.close();
  expect(receiver.posts.map(({ path }) => path)).toEqual(['/hang/1', '/hang/2']);
  expect([firstMs, secondMs - firstMs].map(wasGivenUpAt5s)).toEqual([true, true]);
});

test('a turn lasts until the body is read: there is never a socket more than the cap', async () => {
  const sockets = openSockets(1);
  const { postAll } = poster(sockets);
  await Promise.all([postAll(click(1), to('late-end/1')), postAll(click(2), to('ok/2'))]);
  await sockets.close();
  const [first, second] = receiver.posts;
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(LATE_END_MS * 0.9);
});

test('where there are more posts than sockets, the oldest click goes first and all are posted', async () => {
  const sockets = openSockets(2);
  const { postAll } = poster(sockets);
  const paths = (number: number) => Array.from({ length: 5 }, (_, index) => `ok/${number}/${index}`);
  await Promise.all([1, 2, 3].map((number) => postAll(click(number), to(...paths(number)))));
  await sockets.close();
  expect(receiver.posts).toHaveLength(15);
  const clicks = receiver.posts.map(({ path }) => Number(path.split('/')[2]));
  // Two run side by side, so that neighbours may swap.
  expect(clicks.every((number, index) => number - (clicks[index - 2] ?? 1) >= 0)).toBe(true);
});
