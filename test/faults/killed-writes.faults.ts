import { afterAll, beforeAll } from '@jest/globals';
import { type Answer, dataFolder, type LocalStack, startLocal } from '../end-to-end/local-stack.ts';
import { fault } from './fault-table.ts';

/**
 * Kills functions and engine together (SIGKILL), three times, during management calls that create, move, trash and
 * restore links, replace webhooks, and create and revoke keys. Everything that exists afterwards is complete.
 */
const DOMAIN = 'go.localhost';
const KILLED_AFTER_ANSWERS = [25, 60, 110];
const WRITERS = 6;

let folder: Awaited<ReturnType<typeof dataFolder>>;
let stack: LocalStack;
/** Every slug that a call has used, and every key that was returned, with its prefix. */
const slugs = new Set<string>();
const keys = new Map<string, string>();
/** Calls without a response when the stack was killed. */
let unanswered = 0;

const start = () => startLocal({ CLICKHOOK_DATA: folder.path }, []);
const hooks = (number: number) => Array.from({ length: 3 }, (_, n) => `https://8.8.8.8/${number}/${n}`);

/** One call after the other: the life of a link, and a key. */
async function* lifeOf(number: number): AsyncGenerator<Answer> {
  const slug = (name: string) => {
    slugs.add(`/${name}-${number}`);
    return `/${name}-${number}`;
  };
  const domain = number % 2 ? DOMAIN : null;
  const created = await stack.call('POST', '/link', {
    url: 'https://example.com/',
    slug: slug('first'),
    domain,
    webhooks: hooks(number),
  });
  yield created;
  const { id } = created.body;
  yield await stack.call('POST', '/link', { id, slug: slug('second'), domain: domain ? null : DOMAIN });
  yield await stack.call('POST', '/link', { id, deleted: true, webhooks: hooks(number + 1) });
  const key = await stack.call('POST', '/workspace/1/keys', {});
  if (key.status === 201) keys.set(key.body.prefix, key.body.key);
  yield key;
  if (number % 3) yield await stack.call('POST', '/link', { id, deleted: false, slug: slug('third') });
  if (key.status === 201) yield await stack.call('DELETE', `/workspace/1/keys/${key.body.prefix}`);
}

/** Writes with several writers until this many calls were answered, then kills the stack and starts another. */
async function killAfter(answers: number, round: number): Promise<void> {
  let answered = 0;
  const writer = async (first: number) => {
    for (let number = first; ; number += WRITERS) {
      for await (const { status } of lifeOf(1_000 * round + number)) {
        if (status >= 500) throw new Error(`A call was answered by ${status}`);
        if (++answered === answers) stack.process.kill('SIGKILL');
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: WRITERS }, (_, number) => writer(number)));
  unanswered += ends.filter(({ status }) => status === 'rejected').length;
  stack = await start();
}

const listed = async (query: string): Promise<{ links: any[]; total_entries: number }> =>
  (await stack.call('GET', `/workspace/1/list_links?${query}`)).body;

beforeAll(async () => {
  folder = await dataFolder();
  stack = await start();
  await stack.call('POST', '/workspace/1/domains', { name: DOMAIN });
  for (const [round, answers] of KILLED_AFTER_ANSWERS.entries()) await killAfter(answers, round + 1);
});

afterAll(async () => {
  await stack?.stop();
  await folder?.remove();
});

fault('writers killed: links', 'each listed once, found by its id, and at one slug', async () => {
  const all = (await Promise.all(['sort_by=name', 'sort_by=name&deleted=true'].map(listed))).flatMap(
    ({ links }) => links,
  );
  const wrong = [];
  if (new Set(all.map(({ id }) => id)).size < all.length) wrong.push('listed twice');
  for (const { id, slug, domain } of all) {
    const { status, body } = await stack.call('GET', `/link/${id}`);
    if (status !== 200 || body.slug !== slug || body.domain !== domain) wrong.push(`${id} not found`);
    if (body.webhooks?.length !== (slug === '/hello' ? body.webhooks?.length : 3)) wrong.push(`${id} hooks`);
  }
  const open = new Set(all.map(({ slug }) => slug));
  for (const slug of slugs) {
    if (open.has(slug)) continue;
    // The slug is free for others, on both domains.
    for (const domain of [null, DOMAIN]) {
      const { status } = await stack.call('POST', '/link', { url: 'https://example.com/', slug, domain });
      if (status !== 200) wrong.push(`${slug} is still taken`);
    }
  }
  if (unanswered < KILLED_AFTER_ANSWERS.length) wrong.push('nothing was interrupted');
  return wrong.join(', ') || 'each listed once, found by its id, and at one slug';
});

fault('writers killed: totals', 'exact, in use and in the trash', async () => {
  const wrong = [];
  for (const deleted of ['', '&deleted=true']) {
    const [whole, first] = [await listed(`sort_by=name${deleted}`), await listed(`page_size=1${deleted}`)];
    if (whole.links.length !== first.total_entries) {
      wrong.push(`${first.total_entries} instead of ${whole.links.length}`);
    }
  }
  return wrong.join(', ') || 'exact, in use and in the trash';
});

fault('writers killed: keys', 'those listed are valid, the others are not', async () => {
  const listed = new Set(
    (await stack.call('GET', '/workspace/1/keys')).body.map(({ prefix }: any) => prefix),
  );
  const wrong = [];
  for (const [prefix, key] of keys) {
    const { status } = await stack.call('GET', '/workspaces', undefined, { authorization: `Bearer ${key}` });
    if ((status === 200) !== listed.has(prefix)) wrong.push(`${prefix} answers ${status}`);
  }
  return wrong.join(', ') || 'those listed are valid, the others are not';
});

fault('writers killed: a domain', 'kept until its last link has left, then deleted', async () => {
  const all = (await Promise.all(['sort_by=name', 'sort_by=name&deleted=true'].map(listed))).flatMap(
    ({ links }) => links,
  );
  const there = all.filter(({ domain }) => domain === DOMAIN);
  const statuses: number[] = [];
  const drop = async () => {
    statuses.push((await stack.call('DELETE', `/workspace/1/domains/${DOMAIN}`)).status);
  };
  for (const [index, { id }] of there.entries()) {
    if (index === there.length - 1) await drop();
    await stack.call('POST', '/link', { id, domain: null, slug: `/moved-${id}` });
  }
  await drop();
  return statuses.join() === '409,200' ? 'kept until its last link has left, then deleted' : statuses.join();
});
