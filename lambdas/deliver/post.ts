import type { Socket } from 'node:net';
import pLimit from 'p-limit';
import { Webhook } from 'standardwebhooks';
import manifest from '../../package.json' with { type: 'json' };
import type { ClickMessage } from '../clicks/click.ts';
import type { SigningSecret } from '../signing-secrets/signing-secret.ts';
import { isTlsFailure } from './connection.ts';
import { Deadline } from './deadline.ts';
import { EgressRefused, NameUnresolved } from './egress.ts';
import { exchange } from './exchange.ts';
import { isGone } from './gone.ts';
import { writeMessage } from './messages/receivers.ts';
import type { Observer } from './observer.ts';
import { once } from './once.ts';
import { type Delivery, type PostOutcome, reportDeliveries } from './outcomes.ts';
import type { Sockets } from './sockets.ts';
import type { Subscriber } from './subscriber.ts';
import type { Target } from './target.ts';

/** The time limit of a delivery for everything: look-up, connection, TLS and response headers. */
const POST_DEADLINE_MS = 5_000;

/** A delivery with a known outcome. `over` resolves when it no longer needs its socket. It never rejects. */
type Posted = { outcome: PostOutcome; over: Promise<void> };

const USER_AGENT = `Clickhook/${manifest.version}`;

/** The headers of a delivery: names and values in turn. */
function headersOf(host: string, payload: string, others: Record<string, string>): string[] {
  return [
    ...['host', host, 'connection', 'keep-alive'],
    ...['user-agent', USER_AGENT, 'accept', '*/*'],
    ...['content-type', 'application/json', 'content-length', String(Buffer.byteLength(payload))],
    ...Object.entries(others).flat(),
  ];
}

function failure(error: unknown, { isOver }: Deadline): PostOutcome {
  if (error instanceof EgressRefused) return { kind: 'refused' };
  if (isOver) return { kind: 'failed', reason: 'timeout' };
  if (error instanceof NameUnresolved) return { kind: 'failed', reason: 'dns' };
  if (isTlsFailure(error)) return { kind: 'failed', reason: 'tls' };
  // The host rejected the connection or could not be reached, or the connection broke or did not use HTTP before a
  // response arrived.
  return { kind: 'failed', reason: 'connect' };
}

function outcomeOf(status: number): PostOutcome {
  return status >= 200 && status < 300
    ? { kind: 'delivered', status }
    : { kind: 'failed', reason: 'status', status };
}

/**
 * Delivers a payload to a webhook, once. It follows no redirect and retries nothing, and the status of the response
 * decides. Never throws.
 * @param headers in addition to those of every delivery
 */
export async function post(
  url: string,
  payload: string,
  sockets: Sockets,
  headers: Record<string, string> = {},
  observer?: Observer,
): Promise<Posted> {
  const target = sockets.targetOf(url);
  if (!target) return { outcome: { kind: 'refused' }, over: Promise.resolve() };
  const deadline = new Deadline(POST_DEADLINE_MS);
  const request = {
    path: target.path,
    headers: headersOf(target.host, payload, headers),
    body: payload,
  };
  let leased: Socket | undefined;
  try {
    const socket = await sockets.lease(target, deadline, observer);
    leased = socket;
    const { status, over } = await exchange(socket, request, observer);
    const givenBack = over.then((reusable) => {
      deadline.clear();
      if (reusable) sockets.release(target.origin, socket);
      else sockets.discard(socket);
    });
    return { outcome: outcomeOf(status), over: givenBack };
  } catch (error) {
    deadline.clear();
    if (leased) sockets.discard(leased);
    observer?.failed(error);
    return { outcome: failure(error, deadline), over: Promise.resolve() };
  }
}

/**
 * The subscribers of a click: the webhooks of its link and of its workspace, and the secret that signs the deliveries.
 */
export type Subscribers = { hooks: Subscriber[]; secret: SigningSecret | null };

/** What the headers of a delivery say of it: the click, the webhook (owner and URL) and the time. */
type Signed = { clickId: string; hookId: string; now: Date };

/**
 * The headers of the Standard Webhooks specification. All copies of a delivery have the same id, which no other
 * delivery has. Without a secret there is no signature. While the previous secret is valid, there are two.
 */
export function standardHeaders(
  secret: SigningSecret | null,
  { clickId, hookId, now }: Signed,
  payload: string,
): Record<string, string> {
  const id = `msg_${clickId}_${hookId}`;
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)) };
  if (!secret) return headers;
  const secrets = secret.previous ? [secret.secret, secret.previous.secret] : [secret.secret];
  return {
    ...headers,
    'webhook-signature': secrets.map((one) => new Webhook(one).sign(id, now, payload)).join(' '),
  };
}

/** Runs at most `max` deliveries at once. Each keeps its slot until its socket is free again. */
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
  /** Delivers a click to its webhooks. Never rejects. */
  postAll: (click: ClickMessage, to: Subscribers) => Promise<void>;
  /** Logs and counts all deliveries so far, at the end of the invocation. */
  report: () => void;
  /** The webhooks that have answered 410 Gone so far. */
  gone: ReadonlySet<Subscriber>;
};

/**
 * The bodies of a click's deliveries: its payload, or a message for a chat tool. Each is written once, and a message only
 * if a webhook needs it.
 */
function bodiesOf(click: ClickMessage): (target: Target | undefined) => string {
  const payload = JSON.stringify(click.payload);
  const messages = new Map<Target['format'], string>();
  return (target) => {
    const format = target?.format ?? 'json';
    if (format === 'json') return payload;
    const message = messages.get(format) ?? writeMessage(format, click);
    messages.set(format, message);
    return message;
  };
}

/**
 * Delivers the clicks of an invocation to their webhooks, oldest click first. One socket limit applies to all.
 * @param observer watches the delivery of a check, the only one of its poster
 */
export function poster(sockets: Sockets, observer?: Observer): Poster {
  const inTurn = turns(sockets.max);
  const hostOf = once((url: string) => new URL(url).host);
  const deliveries: Delivery[] = [];
  const gone = new Set<Subscriber>();
  return {
    gone,
    postAll: async (click, { hooks, secret }) => {
      const bodyFor = bodiesOf(click);
      const posts = hooks.map(async (hook) => {
        const outcome = await inTurn(() => {
          const body = bodyFor(sockets.targetOf(hook.url));
          const signed = { clickId: click.payload.click.id, hookId: hook.hook_id, now: new Date() };
          return post(hook.url, body, sockets, standardHeaders(secret, signed, body), observer);
        });
        observer?.ended(outcome);
        deliveries.push({ click, host: hostOf(hook.url), outcome });
        if (isGone(outcome)) gone.add(hook);
      });
      await Promise.all(posts);
    },
    report: () => reportDeliveries(deliveries),
  };
}
