import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Workspace } from '../../../test/end-to-end/local-stack.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { apiOf } from '../api.ts';
import { readDocument } from '../document.ts';
import { FURTHER_OPERATIONS, LEFT_OUT, TEXTS } from '../texts.ts';
import { type Agent, startAgent } from './agent.ts';

let workspace: Workspace;
let agent: Agent;

beforeAll(async () => {
  workspace = await sharedWorkspace();
  agent = await startAgent({ CLICKHOOK_BASE_URL: workspace.url, CLICKHOOK_API_KEY: workspace.key });
});

afterAll(async () => {
  await agent?.close();
});

/** The tools in the table of the README, and whether read-only mode has them. */
async function documentedTools(): Promise<[string, boolean][]> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('## Tools');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => {
    const names = [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)];
    return names.map(([, name = '']): [string, boolean] => [name, row.endsWith('| yes |')]);
  });
}

test('the tools are those in the README, which says which of them read-only mode has', async () => {
  const tools = (await agent.tools()).map(({ name, annotations }) => [name, annotations?.readOnlyHint]);
  expect(tools.sort()).toEqual((await documentedTools()).sort());
  expect(tools.length).toBeGreaterThan(15);
  expect(agent.instructions()).toContain('list_links');
});

test('the operations and arguments in our texts exist in the document', async () => {
  const api = apiOf({ baseUrl: workspace.url, key: workspace.key });
  const document = JSON.stringify(await readDocument(api));
  for (const id of [...Object.keys(TEXTS), ...Object.keys(LEFT_OUT), ...FURTHER_OPERATIONS])
    expect(document).toContain(`"operationId":"${id}"`);
  const named = Object.values(TEXTS).flatMap(({ omit = [], required = [], defaults = {} }) => [
    ...omit,
    ...required,
    ...Object.keys(defaults),
  ]);
  for (const name of named) expect(document).toMatch(new RegExp(`"name":"${name}"|"${name}":{`));
});

test('where the API accepts several spellings of a value, the schema has one', async () => {
  const [create] = (await agent.tools()).filter(({ name }) => name === 'create_link');
  expect(create?.inputSchema).toMatchObject({
    required: ['url'],
    properties: {
      url: { type: 'string' },
      enabled: { type: 'boolean' },
      rules: { items: { type: 'object' } },
    },
  });
  const [count] = (await agent.tools()).filter(({ name }) => name === 'count_clicks');
  expect(count?.inputSchema.properties).toMatchObject({ link_id: { type: 'integer' } });
});

test('every tool has a description, a valid schema without references, and hints about what it changes', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const { name, description, inputSchema, annotations } of await agent.tools()) {
    expect({ name, description }).toEqual({ name, description: expect.stringMatching(/^[A-Z].{20,}\.$/s) });
    expect(() => ajv.compile(inputSchema)).not.toThrow();
    expect(JSON.stringify(inputSchema)).not.toMatch(/\$ref|workspace_id|api_key/);
    const reads = /^(get|list|count)_/.test(name);
    expect({ name, reads: annotations?.readOnlyHint }).toEqual({ name, reads });
    const removes = /^(delete|update)_/.test(name);
    if (!reads) expect({ name, removes: annotations?.destructiveHint }).toEqual({ name, removes });
  }
});
