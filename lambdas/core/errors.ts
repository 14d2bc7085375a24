/** Sentences by field: what to change. */
export type FieldErrors = Record<string, string[]>;

/** An error that the client can mend: it becomes the answer, with its status and sentence. */
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

/** 404 for whatever is missing or belongs to somebody else: the two can't be told apart. */
export function notFound(): ClientError {
  return new ClientError(404, 'not_found', 'Not found');
}

/** 401 for a missing or a wrong key. */
export function unauthorized(): ClientError {
  return new ClientError(401, 'unauthorized', 'Not authorized');
}

/** 422: one or more fields are at fault, each with the sentence that says what to change. */
export function invalidFields(fields: FieldErrors): ClientError {
  const sentence = Object.entries(fields)
    .map(([field, sentences]) => `${field}: ${sentences.join('; ')}`)
    .join('. ');
  return new ClientError(422, 'invalid_input', sentence, fields);
}

/** 409: the state of the object stands in the way; the sentence says what to do about it. */
export function conflict(sentence: string): ClientError {
  return new ClientError(409, 'conflict', sentence);
}

/** 429: too many of something in a time. The shape of the answer is the one that existing clients read. */
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
