import { afterAll, expect, test } from '@jest/globals';
import { startRuntimeStack } from './runtime-stack.ts';

// Started here, because its template names the tests.
const stack = await startRuntimeStack();

afterAll(() => stack.close());

/** A logical id ends with a hash, which says nothing to a reader. */
const functions = stack.names.map((name) => [name.replace(/[0-9A-F]{8}$/, ''), name] as const);

test.each(functions)('%s loads and asks for its first event, and writes nothing', async (_title, name) => {
  const instance = await stack.start(name);
  expect(await instance.stop()).toBe('');
});

test('a function that does not load says why', async () => {
  const start = stack.start('Redirect', { _HANDLER: 'index.missing' });
  await expect(start).rejects.toThrow(/does not load: .*index\.missing/);
});
