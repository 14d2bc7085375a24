import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorBody, errorBody } from '../api/answer.ts';
import type { ApiCall } from '../api/api.ts';
import { serviceErrorBody } from '../api/service-errors.ts';
import { ClientError, type FieldErrors, Unavailable } from '../errors.ts';

// What calls about many links have in common. They do one link after the other. If one fails, the others continue.

/**
 * Why one of many failed, or may have failed. `fields` has the same reason by field, as the response to the whole call
 * shows it.
 */
export class Failure {
  readonly body: ErrorBody;
  readonly fields: FieldErrors;

  constructor(body: ErrorBody, fields: FieldErrors) {
    this.body = body;
    this.fields = fields;
  }
}

/** The result of one that was not started, so that it is safe to send it again. */
export function skipped(field: string, because: string): Failure {
  const sentence = `was skipped because ${because}. Send it again`;
  return new Failure({ error: `${field}: ${sentence}`, code: 'not_tried' }, { [field]: [sentence] });
}

/** The least time left for starting another one, because hashing a password takes up to a second. */
const LAST_START_MS = 2_500;
/** With this much time left, the call responds without waiting for the current one. */
const LAST_WAIT_MS = 1_000;

/** @throws Unavailable when the step is unfinished and the call has to respond */
async function untilTheEnd<R>(step: Promise<R>, { remainingMs }: ApiCall): Promise<R> {
  const waitMs = remainingMs() - LAST_WAIT_MS;
  if (!Number.isFinite(waitMs)) return step;
  const abort = new AbortController();
  const end = delay(Math.max(waitMs, 0), undefined, { signal: abort.signal }).then(() => {
    throw new Unavailable('The function ran out of time before one of many links was finished');
  });
  return Promise.race([step, end]).finally(() => abort.abort());
}

/** Why one of many failed, by who can fix it. */
function failureOf(error: unknown, field: string, { requestId }: ApiCall): Failure {
  if (error instanceof ClientError) {
    return new Failure(errorBody(error), error.fields ?? { [field]: [error.message] });
  }
  const body = serviceErrorBody(error, { requestId, writes: true });
  return new Failure(body, { [field]: [body.error] });
}

/**
 * Runs a step for each of many, as long as there is time for another.
 * @param field the field name of one of them in errors, such as `link`
 * @param step the step for one of them; it may skip one
 * @returns for each the result of its step, or why it failed
 */
export async function oneByOne<T, R>(
  call: ApiCall,
  field: string,
  many: T[],
  step: (one: T) => Promise<R | Failure>,
): Promise<(R | Failure)[]> {
  const results: (R | Failure)[] = [];
  for (const one of many) {
    if (call.remainingMs() < LAST_START_MS) {
      results.push(skipped(field, 'the call ran out of time'));
      continue;
    }
    try {
      results.push(await untilTheEnd(step(one), call));
    } catch (error) {
      results.push(failureOf(error, field, call));
    }
  }
  return results;
}

/** The errors of a list. `nameOf` returns the name of a field of the entry at an index, such as `2.slug`. */
export function errorsOf(results: unknown[], nameOf: (index: number, field: string) => string): FieldErrors {
  const errors = results.flatMap((result, index) =>
    result instanceof Failure
      ? Object.entries(result.fields).map(([field, sentences]) => [nameOf(index, field), sentences] as const)
      : [],
  );
  return Object.fromEntries(errors);
}
