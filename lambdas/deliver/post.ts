import { type Agent, request } from 'undici';
import { checkHookUrl } from '../core/egress.ts';
import { EgressRefused } from './connection.ts';

/** One POST has this long for everything: name, connection, TLS and headers. */
export const POST_DEADLINE_MS = 5_000;

/** What became of one POST; `reason` is a fixed word, fit for a metric. */
export type PostOutcome =
  | { kind: 'delivered'; status: number }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: 'dns' | 'connect' | 'tls' | 'timeout' | 'status'; status?: number };

/** So much of an answer's body is read, to keep the socket for the next post; more destroys it. */
const DRAINED_BYTES = 16 * 1024;

const DNS_CODES = /^(ENOTFOUND|ENODATA|ESERVFAIL|EREFUSED|ENONAME|EBADNAME|ETIMEOUT|EAI_)/;
const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_MISMATCH)/;

function failure(error: unknown, signal: AbortSignal): PostOutcome {
  if (error instanceof EgressRefused) return { kind: 'refused' };
  if (signal.aborted) return { kind: 'failed', reason: 'timeout' };
  const code = String((error as { code?: unknown }).code ?? '');
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'failed', reason: 'timeout' };
  if (DNS_CODES.test(code)) return { kind: 'failed', reason: 'dns' };
  if (TLS_CODES.test(code)) return { kind: 'failed', reason: 'tls' };
  return { kind: 'failed', reason: 'connect' };
}

/**
 * Posts a payload to a hook, once: no redirect is followed, nothing is retried, and the answer's
 * headers decide. Never throws.
 */
export async function post(url: string, payload: string, agent: Agent): Promise<PostOutcome> {
  const checked = checkHookUrl(url);
  if (!('href' in checked)) return { kind: 'refused' };
  const signal = AbortSignal.timeout(POST_DEADLINE_MS);
  try {
    const { statusCode, body } = await request(checked.href, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', 'user-agent': 'Clickhook' },
      body: payload,
      signal,
    });
    body.on('error', () => undefined);
    body.dump({ limit: DRAINED_BYTES, signal }).catch(() => undefined);
    const delivered = statusCode >= 200 && statusCode < 300;
    return delivered
      ? { kind: 'delivered', status: statusCode }
      : { kind: 'failed', reason: 'status', status: statusCode };
  } catch (error) {
    return failure(error, signal);
  }
}
