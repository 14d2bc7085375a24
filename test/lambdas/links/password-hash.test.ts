import { expect, test } from '@jest/globals';
import { hashPassword, isPasswordOf } from '../../../lambdas/links/password-hash.ts';

const hash = await hashPassword('Zoë 2');

test.each([
  ['Zoë 2', true],
  ['Zoe\u0308 2', true],
  ['\uff3aoë\u00a02', true],
  ['zoë 2', false],
  ['Zoë 2 ', false],
  ['', false],
])('%j is the password: %s', async (password, right) => {
  expect(await isPasswordOf(hash, password)).toBe(right);
});

test('the same password has another hash each time', async () => {
  const again = await hashPassword('Zoë 2');
  expect(again).not.toBe(hash);
  expect(await isPasswordOf(again, 'Zoë 2')).toBe(true);
});

test('the cost is that of the hash, not the current one', async () => {
  expect(await isPasswordOf(hash.replace('$8$5$', '$8$4$'), 'Zoë 2')).toBe(false);
});

test('a hash of an unknown format is an error, not a wrong password', async () => {
  await expect(isPasswordOf('plain$Zoë 2', 'Zoë 2')).rejects.toThrow(/unknown format/);
});
