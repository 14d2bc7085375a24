import type { Socket } from 'node:net';
import pLimit from 'p-limit';
import { Webhook } from 'standardwebhooks';
import manifest from '../../package.json' with { type: 'json' };
import type { ClickMessage } from '../clicks/click.ts';
import type { Hook } from '../hooks/hook.ts';
import type { SigningSecret } from '../signing-secrets/signing-secret.ts';
import { count, logger } from '../telemetry.ts';
import { type Deadline, isTlsFailure, type Sockets } from './connection.ts';
import { checkHookUrl, EgressRefused, NameUnresolved } from './egress.ts';
import { exchange } from './exchange.ts';

/** One POST has this long for everything: name, connection, TLS and headers. */
const POST_DEADLINE_MS = 5_000;

/** What became of one POST; `reason` is a fixed word, fit for a metric. */
export type PostOutcome =
  | { kind: 'delivered'; status: number }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: 'dns' | 'connect' | 'tls' | 'timeout' | 'status'; status?: number };

/** A POST whose outcome is known. `over` resolves, never rejects, when it no longer holds a socket. */
type Posted = { outcome: PostOutcome; over: Promise<void> };

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

function deadlineIn(ms: number): Deadline {
  const endsAtMs = performance.now() + ms;
  return { signal: AbortSignal.timeout(ms), remainingMs: () => Math.max(0, endsAtMs - performance.now()) };
}

function failure(error: unknown, signal: AbortSignal): PostOutcome {
  if (error instanceof EgressRefused) return { kind: 'refused' };
  if (signal.aborted) return { kind: 'failed', reason: 'timeout' };
  if (error instanceof NameUnresolved) return { kind: 'failed', reason: 'dns' };
  if (isTlsFailure(error)) return { kind: 'failed', reason: 'tls' };
  // The host refused or was unreachable; or the connection broke, or spoke no HTTP, before there was an answer.
  return { kind: 'failed', reason: 'connect' };
}

function outcomeOf(status: number): PostOutcome {
  return status >= 200 && status < 300
    ? { kind: 'delivered', status }
    : { kind: 'failed', reason: 'status', status };
}

/**
 * Posts a payload to a webhook, once: no redirect is followed, nothing is retried, and the answer's status decides.
 * Never throws.
 * @param headers in addition to those of every POST
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

/** Who gets a click: the webhooks of its link and of its workspace, and the secret that signs their POSTs. */
export type Subscribers = { hooks: Hook[]; secret: SigningSecret | null };

/** What a signature covers besides the payload: the click, the hook (which stands for owner and URL) and the time. */
type Signed = { clickId: string; hookId: string; now: Date };

/**
 * The headers of the Standard Webhooks specification; none without a secret. While the previous secret is valid, there
 * are two signatures. All copies of a POST have the same id, and no other POST has it.
 */
export function signatureHeaders(
  secret: SigningSecret | null,
  { clickId, hookId, now }: Signed,
  payload: string,
): Record<string, string> {
  if (!secret) return {};
  const id = `msg_${clickId}_${hookId}`;
  const secrets = secret.previous ? [secret.secret, secret.previous.secret] : [secret.secret];
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': secrets.map((one) => new Webhook(one).sign(id, now, payload)).join(' '),
  };
}

/** Writes one log line for each POST, with the host only: paths and queries hold secrets. */
function log(click: ClickMessage, hook: Hook, outcome: PostOutcome): void {
  const { kind, ...details } = outcome;
  const { host } = new URL(hook.url);
  logger.info(`Webhook ${kind}`, { click_id: click.click_id, link_id: click.link_id, host, ...details });
}

/** Counts POSTs that had this outcome. Failures are counted by their reason. */
function countPosts(outcome: PostOutcome, posts: number): void {
  if (outcome.kind === 'failed') count('PostFailed', posts, { reason: outcome.reason });
  else count(outcome.kind === 'delivered' ? 'PostDelivered' : 'PostRefused', posts);
}

/** Runs at most `max` POSTs at once. Each holds its turn until its socket is free again. */
function turns(max: number): (start: () => Promise<Posted>) => Promise<PostOutcome> {
  const limit = pLimit(max);
  return (start) =>
    new Promise((resolve, reject) => {
      limit(async () => {
        const { outcome, over } = await start();
        resolve(outcome);
        await over;
      }).catch(reject);
    });
}

export type Poster = {
  /** Posts a click to its webhooks and logs each POST. Never rejects. */
  postAll: (click: ClickMessage, to: Subscribers) => Promise<void>;
  /** Writes how many POSTs had which outcome. Once per invocation, because a metric costs more than a POST. */
  countOutcomes: () => void;
};

/** Posts the clicks of an invocation to their webhooks, oldest click first, under one cap of sockets. */
export function poster(sockets: Sockets): Poster {
  const inTurn = turns(sockets.max);
  const outcomes: PostOutcome[] = [];
  return {
    postAll: async (click, { hooks, secret }) => {
      const payload = JSON.stringify(click.payload);
      const posts = hooks.map(async (hook) => {
        const outcome = await inTurn(() => {
          const signed = { clickId: click.click_id, hookId: hook.hook_id, now: new Date() };
          return post(hook.url, payload, sockets, signatureHeaders(secret, signed, payload));
        });
        outcomes.push(outcome);
        log(click, hook, outcome);
      });
      await Promise.all(posts);
    },
    countOutcomes: () => {
      const kinds = Map.groupBy(outcomes, (one) => (one.kind === 'failed' ? one.reason : one.kind));
      for (const [first, ...others] of kinds.values()) {
        if (first) countPosts(first, 1 + others.length);
      }
    },
  };
}
