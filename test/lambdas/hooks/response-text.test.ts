import { expect, test } from '@jest/globals';
import { READ_BYTES, responseText, SHOWN_CHARACTERS } from '../../../lambdas/hooks/response-text.ts';

const text = (body: string | Buffer, type = 'text/plain') => responseText(Buffer.from(body as string), type);

test('is the first 500 characters, whole ones', () => {
  expect(text('x'.repeat(READ_BYTES))).toBe('x'.repeat(SHOWN_CHARACTERS));
  expect(text('😀'.repeat(600))).toBe('😀'.repeat(SHOWN_CHARACTERS));
  const cut = Buffer.from('Zoë').subarray(0, 3);
  expect(text(cut)).toBe('Zo');
});

test('has the characters of the charset that the response names', () => {
  expect(text(Buffer.from('Zoë', 'latin1'), 'text/plain; charset=iso-8859-1')).toBe('Zoë');
  expect(text(Buffer.from('Zoë', 'utf16le'), 'text/plain; charset="utf-16le"')).toBe('Zoë');
  expect(text('Zoë', 'text/plain; charset=nonsense')).toBe('Zoë');
});

test('has no control characters, none that turn the text around, and no bytes that are not text', () => {
  expect(text('a\r\nb\tc\0d\x1B[31me\u202Ef\u2066g\u0085')).toBe(
    'a\nb\tc\uFFFDd\uFFFD[31me\uFFFDf\uFFFDg\uFFFD',
  );
  expect(text(Buffer.from([0x61, 0xff, 0xfe, 0x62]))).toBe('a\uFFFD\uFFFDb');
  expect(text('\uFEFF{}')).toBe('{}');
});
