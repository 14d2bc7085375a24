import { RateLimited } from '../errors.ts';

/**
 * Calls that one key may make in a minute to one instance of one function. Nothing is written for it, so that it costs
 * nothing: all instances together let more through, up to the gateway's own limits, which bound the whole API.
 */
export const CALLS_PER_MINUTE = 600;

const WINDOW_MS = 60_000;
/** Keys that are told apart; beyond so many the one seen first is forgotten. */
const MAX_KEYS = 10_000;

type Window = { endsAtMs: number; calls: number };

// Lives as long as the function instance: the window of each key, wrong keys included.
const windows = new Map<string, Window>();

/**
 * Counts a call of a key, before anything is read for it.
 * @throws RateLimited when the key has had its calls of this minute
 */
export function countCall(keySha256: string, nowMs: number = Date.now()): void {
  const known = windows.get(keySha256);
  const window = known && nowMs < known.endsAtMs ? known : { endsAtMs: nowMs + WINDOW_MS, calls: 0 };
  window.calls++;
  if (window !== known) {
    windows.delete(keySha256);
    const [oldest] = windows.keys();
    if (windows.size >= MAX_KEYS && oldest !== undefined) windows.delete(oldest);
    windows.set(keySha256, window);
  }
  if (window.calls <= CALLS_PER_MINUTE) return;
  const seconds = Math.ceil((window.endsAtMs - nowMs) / 1_000);
  const sentence = `This key has made ${window.calls} calls in a minute, and may make ${CALLS_PER_MINUTE}: try again in ${seconds} s`;
  throw new RateLimited(sentence, window.calls, CALLS_PER_MINUTE, seconds);
}
