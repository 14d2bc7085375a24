import type { Store, Write } from 'dynalite/db/index.js';
import { apiError } from './errors.ts';

/** "A client request token is valid for 10 minutes after the first request that uses it is completed." */
const VALID_MS = 10 * 60 * 1_000;
/** No table or index key of dynalite begins with this prefix. */
const PREFIX = 'transaction-token~';

type Used = { fingerprint: string; validUntilMs: number };

/**
 * The tokens of completed transactions. They are written together with the transaction, so a crash keeps both or
 * neither.
 */
export class RequestTokens {
  readonly #running = new Set<string>();
  readonly #used: Promise<Map<string, Used>>;
  readonly #nowMs: () => number;

  constructor(store: Store, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#used = RequestTokens.#load(store);
    // Every caller that waits for the token gets the error. There may be none yet.
    this.#used.catch(() => undefined);
  }

  static async #load(store: Store): Promise<Map<string, Used>> {
    const entries: [string, Used][] = [];
    for await (const [key, used] of store.db.iterator({ gte: PREFIX, lt: `${PREFIX}\uffff` }))
      entries.push([key.slice(PREFIX.length), used]);
    return new Map(entries.sort(([, a], [, b]) => a.validUntilMs - b.validUntilMs));
  }

  /**
   * Runs `first`, unless a completed transaction with the same request has the token; then it runs `again`. `first`
   * receives a function that returns the writes to add to the transaction, and calls it when it writes.
   * @throws ApiError when the token belongs to another request, or to one that is still running
   */
  async once<R>(
    token: string,
    fingerprint: string,
    first: (tokenWrites: () => Write[]) => Promise<R>,
    again: () => Promise<R>,
  ): Promise<R> {
    const used = await this.#used;
    if (this.#running.has(token)) {
      const message = 'The transaction with the given request token is already in progress.';
      throw apiError('TransactionInProgressException', message);
    }
    const known = used.get(token);
    if (known && known.validUntilMs > this.#nowMs()) {
      if (known.fingerprint === fingerprint) return again();
      const message =
        'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.';
      throw apiError('IdempotentParameterMismatchException', message);
    }
    this.#running.add(token);
    try {
      const entry = { fingerprint, validUntilMs: this.#nowMs() + VALID_MS };
      const answer = await first(() => [
        ...this.#takeExpired(used).map((old): Write => ({ type: 'del', key: PREFIX + old })),
        { type: 'put', key: PREFIX + token, value: entry },
      ]);
      used.delete(token);
      used.set(token, entry);
      return answer;
    } finally {
      this.#running.delete(token);
    }
  }

  /** The map is in the order of completion, so the expired tokens come first. */
  #takeExpired(used: Map<string, Used>): string[] {
    const expired: string[] = [];
    for (const [token, { validUntilMs }] of used) {
      if (validUntilMs > this.#nowMs()) break;
      expired.push(token);
    }
    for (const token of expired) used.delete(token);
    return expired;
  }
}
