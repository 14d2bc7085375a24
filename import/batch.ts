import type { Write } from './decide.ts';

/** Links of one call: a key may make 600 calls a minute, and a call has 10 s. */
const MAX_LINKS = 25;

/** Hashing one takes the function up to a second. */
const MAX_PASSWORDS = 4;

/** Half of what the API takes at most. */
const MAX_BYTES = 512 * 1024;

const bytesOf = ({ body }: Write) => Buffer.byteLength(JSON.stringify(body));
const hasPassword = ({ body }: Write) => 'password' in body;

/** Links that go to the API in one call. */
export class Batch {
  readonly writes: Write[] = [];
  #bytes = 0;

  /** Whether one more still fits; the first always does. */
  fits(write: Write): boolean {
    if (this.writes.length === 0) return true;
    const passwords = [...this.writes, write].filter(hasPassword).length;
    return (
      this.writes.length < MAX_LINKS &&
      passwords <= MAX_PASSWORDS &&
      this.#bytes + bytesOf(write) <= MAX_BYTES
    );
  }

  add(write: Write): void {
    this.writes.push(write);
    this.#bytes += bytesOf(write);
  }
}
