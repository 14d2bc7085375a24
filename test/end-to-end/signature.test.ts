import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import manifest from '../../package.json' with { type: 'json' };
import { sharedWorkspace } from '../shared-stack.ts';
import type { Workspace } from './local-stack.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';

let stack: Workspace;
let receiver: Receiver;
let slug: string;

const secretPath = () => `${stack.path}/signing-secret`;
const rotate = async () => (await stack.call('POST', secretPath(), {})).body.secret as string;

/** Clicks the link, which has the webhook on both levels, and returns the two deliveries. */
async function clicked(): Promise<[Received, Received]> {
  receiver.received.length = 0;
  await stack.click(slug);
  const [first, second] = await receiver.waitFor(2);
  if (!first || !second) throw new Error('Two posts were awaited');
  return [first, second];
}

const verify = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

beforeAll(async () => {
  [stack, receiver] = await Promise.all([sharedWorkspace(), startReceiver()]);
  const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/' });
  slug = link.slug;
  for (const path of [`/link/${link.id}/webhooks`, `${stack.path}/webhooks`])
    await stack.call('POST', path, { url: receiver.url });
});

afterAll(async () => {
  await receiver?.close();
});

test('deliveries are signed while the workspace has a secret, with two signatures for a day after it was replaced', async () => {
  const [unsigned] = await clicked();
  expect(unsigned.headers).toMatchObject({
    'webhook-id': expect.stringContaining(JSON.parse(unsigned.body).click.id),
    'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
  });
  expect(unsigned.headers['webhook-signature']).toBeUndefined();
  expect(unsigned.headers['user-agent']).toBe(`Clickhook/${manifest.version}`);

  const old = await rotate();
  const signed = await clicked();
  for (const post of signed) verify(old, post);
  expect(signed[0].headers['webhook-id']).not.toBe(signed[1].headers['webhook-id']);
  expect(Object.keys(JSON.parse(signed[0].body))).toEqual(Object.keys(JSON.parse(unsigned.body)));

  const next = await rotate();
  const [twice] = await clicked();
  for (const secret of [old, next]) verify(secret, twice);
  expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, twice)).toThrow();

  expect((await stack.call('DELETE', secretPath())).status).toBe(200);
  const [again] = await clicked();
  expect(again.headers['webhook-signature']).toBeUndefined();
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
const languages: [string, string, string[], string][] = [
  [
    'Node.js',
    'js',
    [process.execPath, '--input-type=module', '-e'],
    'const post = JSON.parse(process.argv[1]); console.log(verify(post.secret, post.headers, post.body));',
  ],
  ...(hasPython
    ? [
        [
          'Python',
          'python',
          ['python3', '-c'],
          'import json, sys\npost = json.loads(sys.argv[1])\nprint(str(verify(post["secret"], post["headers"], post["body"].encode())).lower())',
        ] as [string, string, string[], string],
      ]
    : []),
];

test.each(languages)(
  'the %s of the documentation verifies a post, and nothing else',
  async (_name, fence, run, main) => {
    const page = await readFile(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
    const code = new RegExp(`\`\`\`${fence}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';
    const [command = '', ...args] = run;
    const says = (post: object) => {
      const { stdout, stderr } = spawnSync(command, [...args, `${code}\n${main}`, JSON.stringify(post)]);
      return stdout.toString().trim() || stderr.toString();
    };
    const [, secret] = [await rotate(), await rotate()];
    const [{ headers, body }] = await clicked();
    const old = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 600) };
    expect(says({ secret, headers, body })).toBe('true');
    expect(says({ secret, headers, body: `${body} ` })).toBe('false');
    expect(says({ secret, headers: old, body })).toBe('false');
    expect(says({ secret: `whsec_${Buffer.alloc(32).toString('base64')}`, headers, body })).toBe('false');
  },
);
