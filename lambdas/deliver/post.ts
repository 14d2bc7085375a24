import type { Socket } from 'node:net';
import manifest from '../../package.json' with { type: 'json' };
import { isTlsFailure } from './connection.ts';
import { deadlineIn } from './deadline.ts';
import { checkHookUrl, EgressRefused, NameUnresolved } from './egress.ts';
import { exchange } from './exchange.ts';
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

const USER_AGENT = `Clickhook/${manifest.version}`;

/** The headers of a POST, names and values in turn. */
function headersOf(url: URL, payload: string, others: Record<string, string>): string[] {
  return [
    ...['host', url.host, 'connection', 'keep-alive'],
    ...['user-agent', USER_AGENT, 'accept', '*/*'],
    ...['content-type', 'application/json', 'content-length', String(Buffer.byteLength(payload))],
    ...Object.entries(others).flat(),
  ];
}

function failure(error: unknown, signal: AbortSignal): PostOutcome {
  if (error instanceof EgressRefused) return { kind: 'refused' };
  if (signal.aborted) return { kind: 'failed', reason: 'timeout' };
  if (error instanceof NameUnresolved) return { kind: 'failed', reason: 'dns' };
  if (isTlsFailure(error)) return { kind: 'failed', reason: 'tls' };
  // Refused or unreachable; or it broke, or spoke no HTTP, before it had answered.
  return { kind: 'failed', reason: 'connect' };
}

function outcomeOf(status: number): PostOutcome {
  return status >= 200 && status < 300
    ? { kind: 'delivered', status }
    : { kind: 'failed', reason: 'status', status };
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
  const { url: to } = checked;
  const deadline = deadlineIn(POST_DEADLINE_MS);
  const request = {
    path: to.pathname + to.search,
    headers: headersOf(to, payload, headers),
    body: payload,
  };
  const { signal } = deadline;
  let leased: Socket | undefined;
  try {
    const socket = await sockets.lease(to, deadline);
    leased = socket;
    const { status, over } = await exchange(socket, request, signal);
    const givenBack = over.then((reusable) =>
      reusable ? sockets.release(to.origin, socket) : sockets.discard(socket),
    );
    return { outcome: outcomeOf(status), over: givenBack };
  } catch (error) {
    if (leased) sockets.discard(leased);
    return { outcome: failure(error, signal), over: Promise.resolve() };
  }
}
