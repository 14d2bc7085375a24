import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { ULID, ulidTime } from '../../../lambdas/clicks/identity.ts';
import { parseClick } from '../../../lambdas/deliver/message.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { click } from './sample-click.ts';

beforeEach(() => {
  capturedOutput();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const parse = (message: unknown) => parseClick({ body: JSON.stringify(message) } as SQSRecord);

/** The message that version 1 of the redirect sent for a click. */
function firstVersion(click_id = randomUUID(), timestamp = '2025-01-15T10:30:00Z') {
  const { rule: _rule, payload, ...rest } = click();
  const { id: _id, ...details } = payload.click;
  return { ...rest, version: 1, click_id, payload: { ...payload, timestamp, click: details } };
}

test('a message of this version is read unchanged', () => {
  expect(parse(click())).toEqual(click());
});

test('a sample click of a workspace is on no link', () => {
  const sample = click(1, { link_id: 0, counted: false });
  expect(parse(sample)).toEqual(sample);
  expect(parse({ ...sample, link_id: -1 })).toBeNull();
});

describe('a message of version 1', () => {
  test('gets a ULID of its time, as the first member of the click, and no rule', () => {
    const message = firstVersion();
    const parsed = parse(message);
    expect(parsed).toMatchObject({ version: 2, link_id: 12345, workspace_id: 1, counted: true, rule: null });
    expect(parsed).not.toHaveProperty('click_id');
    const { id, ...details } = parsed?.payload.click ?? { id: '' };
    expect(id).toMatch(ULID);
    expect(new Date(ulidTime(id)).toISOString()).toBe('2025-01-15T10:30:00.000Z');
    expect(Object.keys(parsed?.payload.click ?? {})[0]).toBe('id');
    expect(details).toEqual(message.payload.click);
    expect(parsed?.payload.timestamp).toBe('2025-01-15T10:30:00Z');
    expect(Object.keys(parsed?.payload ?? {})).toEqual(['event', 'timestamp', 'link', 'click']);
  });

  test('has the same id in each copy, and another click in the same second has another', () => {
    const idOf = (message: unknown) => parse(message)?.payload.click.id;
    const message = firstVersion();
    expect(idOf(JSON.parse(JSON.stringify(message)))).toBe(idOf(message));
    const ids = Array.from({ length: 1_000 }, () => idOf(firstVersion()));
    expect(new Set(ids).size).toBe(1_000);
  });

  test.each([
    ['no click id', { ...firstVersion(), click_id: undefined }],
    ['a click id that is no UUID', { ...firstVersion(), click_id: '1' }],
    ['a time that is none', firstVersion(randomUUID(), 'yesterday')],
  ])('with %s is dropped', (_title, message) => {
    expect(parse(message)).toBeNull();
    expect(logger.error).toHaveBeenCalledTimes(1);
  });
});
