import { randomBytes } from 'node:crypto';

// The redirect loads this file at every cold start, so it must stay small.

/** A click's id and its time. Both are of the same millisecond. */
export type ClickIdentity = {
  /** A ULID (github.com/ulid/spec): its first ten characters are the time, so that ids sort by time. */
  id: string;
  /** UTC, ISO 8601, with microseconds: `2025-01-15T10:30:00.123456Z`. */
  timestamp: string;
};

/** Crockford's Base32, the digits of a ULID. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** A ULID: its first digit is at most 7, because it has 128 bits. */
export const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = DIGITS[rest % 32] + text;
  return text;
}

/** A ULID of this millisecond with these ten bytes, which are random for a new one. */
export function ulidOf(epochMs: number, bytes: Buffer = randomBytes(10)): string {
  return base32(epochMs, 10) + base32(bytes.readUIntBE(0, 5), 8) + base32(bytes.readUIntBE(5, 5), 8);
}

/** The smallest ULID of a millisecond: those of earlier ones are smaller, and all others of it are larger. */
export const firstUlidOf = (epochMs: number) => base32(epochMs, 10) + '0'.repeat(16);

/** The millisecond of a ULID, since 1970. */
export function ulidTime(id: string): number {
  return [...id.slice(0, 10)].reduce((value, digit) => value * 32 + DIGITS.indexOf(digit), 0);
}

/** What must be added to `performance.now()` for the time of day. It changes when the clock is set or the process was frozen. */
let originMs = performance.timeOrigin;

/** Microseconds since 1970, from this machine's clock. It counts whole milliseconds, and a timer the parts of them. */
function nowEpochMicros(): number {
  const wallMs = Date.now();
  const timerMs = performance.now();
  // The timer stands still while Lambda freezes the process. The time stays within the clock's millisecond.
  originMs = Math.min(Math.max(originMs, wallMs - timerMs), wallMs + 0.999 - timerMs);
  const micros = Math.floor((originMs + timerMs - wallMs) * 1_000);
  // The sum of large numbers is rounded, so it can lie just outside of the millisecond.
  return wallMs * 1_000 + Math.min(Math.max(micros, 0), 999);
}

/** A time in microseconds since 1970 as text, as in a payload. */
function timestampOf(epochMicros: number): string {
  const epochMs = Math.floor(epochMicros / 1_000);
  const micros = String(epochMicros % 1_000).padStart(3, '0');
  return new Date(epochMs).toISOString().replace('Z', `${micros}Z`);
}

/** The identity of a click that happens now. */
export function newClickIdentity(): ClickIdentity {
  const epochMicros = nowEpochMicros();
  return { id: ulidOf(Math.floor(epochMicros / 1_000)), timestamp: timestampOf(epochMicros) };
}
