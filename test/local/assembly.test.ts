import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bundleFolder } from '../../local/assembly.ts';
import { sourceFingerprint } from '../../local/source-fingerprint.ts';
import { unknownResources } from '../../local/template.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clickhook-assembly-'));
});

afterEach(() => rm(folder, { recursive: true }));

const lambda = (metadata?: string, key?: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Handler: 'index.handler', Code: { S3Key: key } },
  ...(metadata ? { Metadata: { 'aws:asset:path': metadata } } : {}),
});

test.each([
  ['its metadata', lambda('asset.abc')],
  ['its key in the asset bucket', lambda(undefined, 'abc.zip')],
])('a bundle is found by %s', async (_title, resource) => {
  await mkdir(join(folder, 'asset.abc'));
  await writeFile(join(folder, 'asset.abc', 'index.js'), '');
  expect(await bundleFolder(folder, 'Fn', resource)).toBe(join(folder, 'asset.abc'));
});

test('a missing bundle is one sentence with the function and the file', async () => {
  await expect(bundleFolder(folder, 'Fn', lambda('asset.gone'))).rejects.toThrow(
    `The bundle of the function Fn is missing: ${join(folder, 'asset.gone', 'index.js')}`,
  );
  await expect(bundleFolder(folder, 'Fn', lambda())).rejects.toThrow('The function Fn has no bundle');
});

test('the fingerprint changes with the content of a source, and with nothing else', async () => {
  await mkdir(join(folder, 'lambdas', 'redirect'), { recursive: true });
  const source = join(folder, 'lambdas', 'redirect', 'handler.ts');
  await writeFile(source, 'one');
  const before = await sourceFingerprint(folder);
  await writeFile(join(folder, 'README.md'), 'text');
  expect(await sourceFingerprint(folder)).toBe(before);
  await writeFile(source, 'two');
  expect(await sourceFingerprint(folder)).not.toBe(before);
});

test('resources that do not run here are named, but not those without effect', () => {
  const Resources = {
    Bus: { Type: 'AWS::Events::EventBus' },
    Role: { Type: 'AWS::IAM::Role' },
    Fn: lambda(),
  };
  expect(unknownResources({ Resources })).toEqual(['Bus (AWS::Events::EventBus)']);
});
