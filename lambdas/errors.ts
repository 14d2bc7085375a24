/** The sentences about each field. They say what to change. */
export type FieldErrors = Record<string, string[]>;

/** An error that the client can fix. The response has its status and sentence. */
export class ClientError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldErrors | undefined;

  constructor(status: number, code: string, sentence: string, fields?: FieldErrors) {
    super(sentence);
    this.name = 'ClientError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** 404 for an object that is missing or belongs to another workspace. The response is the same for both. */
export function notFound(): ClientError {
  return new ClientError(404, 'not_found', 'Not found');
}

/** 401 for a missing or wrong key. */
export function unauthorized(): ClientError {
  return new ClientError(401, 'unauthorized', 'Not authorized');
}

/** The most fields that a response reports. A body of 1 MB can contain a hundred thousand errors. */
const MAX_REPORTED_FIELDS = 100;

/** 422: one or more fields are wrong. Each has a sentence that says what to change. */
export function invalidFields(fields: FieldErrors): ClientError {
  const all = Object.entries(fields);
  const reported = all.slice(0, MAX_REPORTED_FIELDS);
  const sentences = reported.map(([field, faults]) => `${field}: ${faults.join('; ')}`);
  if (all.length > reported.length) {
    sentences.push(`${all.length - reported.length} more fields are wrong. Fix these first`);
  }
  return new ClientError(422, 'invalid_input', `${sentences.join('. ')}.`, Object.fromEntries(reported));
}

/** 409: the state of the object forbids the change. The sentence says what to do about it. */
export function conflict(sentence: string): ClientError {
  return new ClientError(409, 'conflict', sentence);
}

/** 429: too many calls in a period. The response has the format that existing clients read. */
export class RateLimited extends ClientError {
  readonly usage: number;
  readonly limit: number;
  readonly retryAfterSeconds: number;

  constructor(sentence: string, usage: number, limit: number, retryAfterSeconds: number) {
    super(429, 'rate_limit_exceeded', sentence);
    this.usage = usage;
    this.limit = limit;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A temporary failure that the client did not cause: a service that this one needs did not answer in time. */
export class Unavailable extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'Unavailable';
  }
}
