import { createHook } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { deleteMany as removeMany, save } from '../../../lambdas/links/handlers.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';
import { create, listed } from './link-calls.ts';

const URL_OF_LINKS = 'https://example.com/';
const link = (number: number) => ({ url: URL_OF_LINKS, slug: `/l${number}` });
const links = (count: number) => Array.from({ length: count }, (_, index) => link(index));

const table = engineTable();
/** The time that the function has left, in milliseconds. */
let remainingMs: number;
const context = { getRemainingTimeInMillis: () => remainingMs };
const saveMany = (json: unknown) => call(save, { method: 'POST', json, context });
const deleteMany = (ids: number[]) => call(removeMany, { method: 'DELETE', json: { ids }, context });
const slugsThere = async () => (await listed('sort_dir=asc')).links.map(({ slug }: { slug: string }) => slug);

/** From a write whose first operation begins with this text, the function has only this much time left. */
function atWrite(beginning: string, leftMs: number): void {
  table.beforeWrite = (description) => {
    if (description.startsWith(beginning)) remainingMs = leftMs;
  };
}

/** A write whose first operation begins with this text fails, once or always. */
function failing(beginning: string, error: Error, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  table.beforeWrite = (description) => {
    if (description.startsWith(beginning) && left-- > 0) throw error;
  };
}

const broken = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

beforeEach(() => {
  remainingMs = 10_000;
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('saving many', () => {
  test('stops before its time ends, and says which links were saved and which were not tried', async () => {
    atWrite('Put SLUG#-#/l1 ', 2_000);
    const { status, body } = await saveMany(links(4));
    expect([status, body.code]).toEqual([422, 'partly_saved']);
    expect(body.error).toMatch(/^2 of 4 links were not saved/);
    expect(body.links).toMatchObject([
      { id: 1, slug: '/l0' },
      { id: 2, slug: '/l1' },
      { code: 'not_tried' },
      { code: 'not_tried' },
    ]);
    const sentence = 'was skipped because the call ran out of time. Send it again';
    expect(body.errors).toEqual({ '2.link': [sentence], '3.link': [sentence] });
    table.beforeWrite = undefined;
    expect(await slugsThere()).toEqual(['/l0', '/l1']);
  });

  test('is completed by sending the unsaved ones again, and creates none twice', async () => {
    atWrite('Put SLUG#-#/l1 ', 2_000);
    const sent = links(4);
    const { body } = await saveMany(sent);
    table.beforeWrite = undefined;
    remainingMs = 10_000;
    const rest = sent.filter((_, index) => `${index}.link` in body.errors);
    expect((await saveMany(rest)).status).toBe(200);
    expect(await slugsThere()).toEqual(['/l0', '/l1', '/l2', '/l3']);
  });

  test('does not wait for one that hangs, which may or may not be saved', async () => {
    atWrite('Put SLUG#-#/l0 ', 2_550);
    const begin = table.beforeWrite;
    table.beforeWrite = (description) => {
      if (!description.startsWith('Put SLUG#-#/l1 ')) return begin?.(description);
      remainingMs = 1_000;
      return new Promise(() => undefined);
    };
    const { status, body } = await saveMany(links(4));
    expect([status, body.code]).toEqual([422, 'partly_saved']);
    expect(body.links).toMatchObject([
      { slug: '/l0' },
      { code: 'unavailable', error: expect.stringContaining('may or may not have been saved') },
      { code: 'not_tried' },
      { code: 'not_tried' },
    ]);
  });

  test.each([
    ['a broken connection', broken(), 'unavailable', 'may or may not have been saved'],
    ['a bug', new TypeError('x is not a function'), 'internal_error', 'request-1'],
  ])('reports %s for the link concerned, and saves the others', async (_title, error, code, sentence) => {
    failing('Put SLUG#-#/l1 ', error);
    const { status, body } = await saveMany(links(3));
    expect(status).toBe(422);
    expect(body.links).toMatchObject([
      { slug: '/l0' },
      { code, error: expect.stringContaining(sentence) },
      { slug: '/l2' },
    ]);
    expect(Object.keys(body.errors)).toEqual(['1.link']);
    table.beforeWrite = undefined;
    expect(await slugsThere()).toEqual(['/l0', '/l2']);
  });

  test('that has no time left after the checks saves nothing', async () => {
    remainingMs = 3_900;
    const { status, body } = await saveMany(links(2));
    expect(status).toBe(422);
    expect(body.errors.body[0]).toContain('nothing was saved. Send fewer links');
    expect(table.writes).toEqual([]);
  });
});

describe('new passwords in one call', () => {
  const withPassword = (number: number) => ({ ...link(number), password: `secret ${number}` });

  test('beyond ten are rejected, each at its link, and nothing is saved', async () => {
    const sent = [...links(2), ...Array.from({ length: 12 }, (_, index) => withPassword(index + 2))];
    const { status, body } = await saveMany(sent);
    expect(status).toBe(422);
    expect(Object.keys(body.errors)).toEqual(['12.password', '13.password']);
    expect(body.errors['12.password'][0]).toContain('Send this link in another call');
    expect(table.writes).toEqual([]);
  });

  test('do not count if none is hashed: masks, blanks and links without a password', async () => {
    for (let number = 0; number < 6; number++) await create(link(number));
    const masked = Array.from({ length: 6 }, (_, index) => ({ id: index + 1, password: '********' }));
    const blank = Array.from({ length: 6 }, (_, index) => ({ id: index + 1, password: '' }));
    expect((await saveMany([...masked, ...blank])).status).toBe(200);
  });

  test('up to ten are hashed, each with its link', async () => {
    const sent = Array.from({ length: 10 }, (_, index) => withPassword(index));
    const { status, body } = await saveMany(sent);
    expect(status).toBe(200);
    expect(body.map(({ password }: { password: string }) => password)).toEqual(Array(10).fill('********'));
    const hashes = new Set<string>();
    for (const { slug } of body) hashes.add((await table.read(`SLUG#-#${slug}`, 'LINK'))?.password_hash);
    expect(hashes.size).toBe(10);
  });

  test('are not hashed when a link of the call is wrong', async () => {
    let hashes = 0;
    const hook = createHook({
      init: (_id, type) => {
        if (type === 'SCRYPTREQUEST') hashes++;
      },
    });
    hook.enable();
    await saveMany([withPassword(1), { url: 'x' }]);
    expect(hashes).toBe(0);
    await saveMany([withPassword(1)]);
    hook.disable();
    expect(hashes).toBe(1);
  });
});

describe('deleting many', () => {
  beforeEach(async () => {
    for (let number = 0; number < 4; number++) await create(link(number));
  });

  test('stops before its time ends, and names the links to send again', async () => {
    atWrite('Put SLUG#-#/l1 ', 2_000);
    const { status, body } = await deleteMany([1, 1, 99, 2, 3, 4]);
    expect([status, body.code]).toEqual([422, 'partly_deleted']);
    expect(body).toMatchObject({ deleted: [1, 2], not_found: [99], not_deleted: [3, 4] });
    expect(Object.keys(body.errors)).toEqual(['ids.4', 'ids.5']);
    expect(body.error).toContain('Send the ids in not_deleted again');
    table.beforeWrite = undefined;
    remainingMs = 10_000;
    expect(await deleteMany(body.not_deleted)).toMatchObject({ status: 200, body: { deleted: [3, 4] } });
  });

  test('reports one that failed, and deletes the others', async () => {
    failing('Put SLUG#-#/l1 ', broken());
    const { status, body } = await deleteMany([1, 2, 3]);
    expect(status).toBe(422);
    expect(body).toMatchObject({ deleted: [1, 3], not_found: [], not_deleted: [2] });
  });

  test('reports one that other requests keep changing', async () => {
    table.beforeWrite = async (description) => {
      if (!description.startsWith('Put SLUG#-#/l1 ')) return;
      const item = (await table.read('SLUG#-#/l1', 'LINK')) ?? {};
      await table.put({ ...item, version: item.version + 1 });
    };
    const { status, body } = await deleteMany([1, 2, 3]);
    expect(status).toBe(422);
    expect(body).toMatchObject({ deleted: [1, 3], not_deleted: [2] });
    expect(body.errors['ids.1'][0]).toContain('changed by another request');
  });
});
