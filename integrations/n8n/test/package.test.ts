import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { INodeProperties } from 'n8n-workflow';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { CLICK_PROPERTIES } from '../nodes/Clickhook/click-properties.ts';
import { LINK_PROPERTIES } from '../nodes/Clickhook/link-properties.ts';
import manifest from '../package.json' with { type: 'json' };

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

test('the built package loads in plain Node.js, as n8n loads it, and its icons exist', () => {
  const script = `
    const { existsSync } = require('node:fs');
    const { basename, dirname, join } = require('node:path');
    const { n8n } = require('./package.json');
    const names = [...n8n.credentials, ...n8n.nodes].map((path) => {
      const loaded = new (require('./' + path)[basename(path).split('.')[0]])();
      const { name, icon } = loaded.description ?? loaded;
      for (const file of Object.values(icon))
        if (!existsSync(join(dirname(path), file.replace('file:', '')))) throw new Error(file);
      return name;
    });
    console.log(JSON.stringify(names));`;
  const output = execFileSync(process.execPath, ['-e', script], { cwd: FOLDER, encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual(['clickhookApi', 'clickhook', 'clickhookTrigger']);
});

test('the package needs nothing but n8n at run time', () => {
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

/** The names of the fields in a collection. */
const namesIn = (properties: INodeProperties[], collection: string) =>
  properties
    .filter(({ name }) => name === collection)
    .flatMap(({ options = [] }) => options.map(({ name }) => name));

test('the API knows every field and filter of the node', async () => {
  const { url } = await sharedWorkspace();
  const { paths, components } = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as any;
  const queryOf = (path: string) =>
    paths[`/api/v1/workspace/{workspace_id}/${path}`].get.parameters.map(
      ({ name }: { name: string }) => name,
    );
  const linkFields = Object.keys(components.schemas.SavedLink.properties);
  for (const collection of ['additionalFields', 'updateFields'])
    expect(linkFields).toEqual(expect.arrayContaining(namesIn(LINK_PROPERTIES, collection)));
  expect(queryOf('list_links')).toEqual(expect.arrayContaining(namesIn(LINK_PROPERTIES, 'filters')));
  for (const path of ['clicks', 'clicks/export', 'clicks/counters/{counter}'])
    expect(queryOf(path)).toEqual(expect.arrayContaining(namesIn(CLICK_PROPERTIES, 'filters')));
});

test('the API accepts every counter of the node', async () => {
  const workspace = await sharedWorkspace();
  const [{ options = [] } = {}] = CLICK_PROPERTIES.filter(({ name }) => name === 'counter');
  expect(options.length).toBeGreaterThan(10);
  for (const option of options) {
    const { value } = option as { value: string };
    const answer = await workspace.call('GET', `${workspace.path}/clicks/counters/${value}`);
    expect({ value, status: answer.status }).toEqual({ value, status: 200 });
  }
});
