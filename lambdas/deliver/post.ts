import type { Dispatcher } from 'undici';
import manifest from '../../package.json' with { type: 'json' };
import { checkHookUrl, EgressRefused, NameUnresolved } from '../core/egress.ts';
import { TlsFailed } from './connection.ts';
import { deadlineIn } from './deadline.ts';
import type { Sockets } from './sockets.ts';

/** One POST has this long for everything: name, connection, TLS and headers. */
const POST_DEADLINE_MS = 5_000;

/** What became of one POST; `reason` is a fixed word, fit for a metric. */
export type PostOutcome =
  | { kind: 'delivered'; status: number }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: 'dns' | 'connect' | 'tls' | 'timeout' | 'status'; status?: number };

/** A POST whose outcome is known; `over` resolves, never rejects, when it holds no socket any more. */
export type Posted = { outcome: PostOutcome; over: Promise<void> };

/** So much of an answer's body is read, to keep the socket for the next post; more destroys it. */
const DRAINED_BYTES = 16 * 1024;

const HEADERS = { 'content-type': 'application/json', 'user-agent': `Clickhook/${manifest.version}` };

function failure(error: unknown, signal: AbortSignal): PostOutcome {
  if (error instanceof EgressRefused) return { kind: 'refused' };
  if (signal.aborted) return { kind: 'failed', reason: 'timeout' };
  if (error instanceof NameUnresolved) return { kind: 'failed', reason: 'dns' };
  if (error instanceof TlsFailed) return { kind: 'failed', reason: 'tls' };
  // Refused or unreachable; or it broke, or spoke no HTTP, before it had answered.
  return { kind: 'failed', reason: 'connect' };
}

function outcomeOf(status: number): PostOutcome {
  return status >= 200 && status < 300
    ? { kind: 'delivered', status }
    : { kind: 'failed', reason: 'status', status };
}

/** Reads the rest of a short answer; a longer or slower one loses its socket. Nobody wants what it says. */
async function drain(body: Dispatcher.ResponseData['body'], signal: AbortSignal): Promise<void> {
  // The outcome is decided already: whatever becomes of the body changes nothing.
  body.on('error', () => undefined);
  await body.dump({ limit: DRAINED_BYTES, signal }).catch(() => undefined);
}

/**
 * Posts a payload to a hook, once: no redirect is followed, nothing is retried, and the answer's
 * headers decide. Never throws.
 * @param headers beside the content type and the user agent
 */
export async function post(
  url: string,
  payload: string,
  sockets: Sockets,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const checked = checkHookUrl(url);
  if (checked.problem !== undefined) return { outcome: { kind: 'refused' }, over: Promise.resolve() };
  const { origin, pathname, search } = checked.url;
  const deadline = deadlineIn(POST_DEADLINE_MS);
  const { signal } = deadline;
  const lease = sockets.lease(origin, deadline);
  try {
    const { statusCode, body } = await lease.client.request({
      method: 'POST',
      path: pathname + search,
      headers: { ...HEADERS, ...headers },
      body: payload,
      signal,
    });
    const over = drain(body, signal).then(() => sockets.release(lease));
    return { outcome: outcomeOf(statusCode), over };
  } catch (error) {
    sockets.discard(lease);
    return { outcome: failure(error, signal), over: Promise.resolve() };
  }
}
