import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorBody, errorBody } from '../api/answer.ts';
import type { ApiCall } from '../api/api.ts';
import { serviceErrorBody } from '../api/service-errors.ts';
import { ClientError, type FieldErrors, Unavailable } from '../errors.ts';

/** Why one of many failed, or may have failed. `fields` has the same reason by field, as the whole call reports it. */
export class NotDone {
  readonly body: ErrorBody;
  readonly fields: FieldErrors;

  constructor(body: ErrorBody, fields: FieldErrors) {
    this.body = body;
    this.fields = fields;
  }
}

/** One that was not started, so that it is safe to send it again. */
export function notTried(field: string, because: string): NotDone {
  const sentence = `was skipped because ${because}: send it again`;
  return new NotDone({ error: `${field}: ${sentence}`, code: 'not_tried' }, { [field]: [sentence] });
}

/** The least time for starting another one, because hashing a password takes up to a second. */
const LAST_START_MS = 2_500;
/** When only this much time is left, the call answers without waiting for the current one. */
const LAST_WAIT_MS = 1_000;

/** @throws Unavailable when the step is unfinished when the call has to answer */
async function untilTheEnd<R>(step: Promise<R>, { remainingMs }: ApiCall): Promise<R> {
  const waitMs = remainingMs() - LAST_WAIT_MS;
  if (!Number.isFinite(waitMs)) return step;
  const abort = new AbortController();
  const end = delay(Math.max(waitMs, 0), undefined, { signal: abort.signal }).then(() => {
    throw new Unavailable('One of many was unfinished when the call had to answer');
  });
  return Promise.race([step, end]).finally(() => abort.abort());
}

/** Why one of many failed, by who can fix it. */
function reasonOf(error: unknown, field: string, { requestId }: ApiCall): NotDone {
  if (error instanceof ClientError) {
    return new NotDone(errorBody(error), error.fields ?? { [field]: [error.message] });
  }
  const body = serviceErrorBody(error, { requestId, writes: true });
  return new NotDone(body, { [field]: [body.error] });
}

/**
 * Does one thing for each of many, in turn, as long as there is time for another. One that fails stops no other.
 * @param field names one of them in errors, such as `link`
 * @param step what is done; it may say that it was skipped
 * @returns for each what its step gave, or why it was not done
 */
export async function inTurn<T, R>(
  call: ApiCall,
  field: string,
  many: T[],
  step: (one: T) => Promise<R | NotDone>,
): Promise<(R | NotDone)[]> {
  const results: (R | NotDone)[] = [];
  for (const one of many) {
    if (call.remainingMs() < LAST_START_MS) {
      results.push(notTried(field, 'the call ran out of time'));
      continue;
    }
    try {
      results.push(await untilTheEnd(step(one), call));
    } catch (error) {
      results.push(reasonOf(error, field, call));
    }
  }
  return results;
}

/**
 * The errors of a list by the place of each in it.
 * @param name the name of a field of the one at an index, such as `2.slug`
 */
export function errorsByPlace(
  results: unknown[],
  name: (index: number, field: string) => string = (index, field) => `${index}.${field}`,
): FieldErrors {
  const errors = results.flatMap((result, index) =>
    result instanceof NotDone
      ? Object.entries(result.fields).map(([field, sentences]) => [name(index, field), sentences] as const)
      : [],
  );
  return Object.fromEntries(errors);
}
