import type { IncomingMessage } from 'node:http';
import type { Observer, Step } from '../deliver/observer.ts';
import type { PostOutcome } from '../deliver/outcomes.ts';
import type { Finding, Response, Timings } from './advice/finding.ts';
import { MAX_HOOK_URL_LENGTH } from './hook.ts';
import { READ_BYTES, responseText } from './response-text.ts';

/** The first byte of a TLS alert. No HTTP response begins with it. */
const TLS_ALERT = 0x15;

/** An error of DNS, of a socket, of TLS or of the HTTP parser, as Node creates it. */
type Caused = { code?: string; rawPacket?: Buffer; cause?: Caused };

function errorFacts(error: Caused | undefined): Pick<Finding, 'errorCode' | 'tlsAlert'> {
  return {
    // Our own errors have no code and keep the original as their cause.
    errorCode: error?.code ?? error?.cause?.code,
    tlsAlert: error?.rawPacket?.[0] === TLS_ALERT,
  };
}

/** Resolves to the beginning of a response body, when enough is read, the body has ended or its socket is closed. */
function beginningOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const end = () => resolve(Buffer.concat(chunks).subarray(0, READ_BYTES));
    response.on('data', (chunk: Buffer) => {
      if (bytes >= READ_BYTES) return;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= READ_BYTES) end();
    });
    response.once('end', end).once('close', end);
    // A response that switches protocols has no body and does not end.
    response.socket.once('close', end);
  });
}

/**
 * Where a redirect leads: a full URL, also if the header is relative. Undefined if the header is missing or names no URL
 * that could be a webhook.
 */
function locationOf(response: IncomingMessage, url: URL): string | undefined {
  const { location } = response.headers;
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const { protocol, href } = new URL(location, url);
  return /^https?:$/.test(protocol) && href.length <= MAX_HOOK_URL_LENGTH ? href : undefined;
}

/** When each part ended, in milliseconds. */
type Ends = Partial<Record<Step | 'response', number>>;

function timingsOf(startMs: number, { dns, connection, tls, response }: Ends): Timings {
  const took = (end: number | undefined, start = startMs) =>
    end === undefined ? null : Math.round(end - start);
  return {
    dns_ms: took(dns),
    connection_ms: took(connection, dns),
    tls_ms: took(tls, connection),
    response_ms: took(response, tls ?? connection),
  };
}

/** A response whose headers have arrived, and the beginning of its body. */
type Answer = { response: IncomingMessage; beginning: Promise<Buffer> };

async function responseOf({ response, beginning }: Answer, url: URL): Promise<Response> {
  const type = response.headers['content-type'] ?? '';
  const bytes = await beginning;
  // No compression was asked for. The bytes of a compressed body would not be text.
  const isPlain = /^(identity)?$/i.test(response.headers['content-encoding'] ?? '');
  return { location: locationOf(response, url), type, body: isPlain ? responseText(bytes, type) : '' };
}

/** Observes one delivery. */
export type Watch = {
  observer: Observer;
  /** All that was found out. Waits for the beginning of the response body, at most until the delivery's deadline. */
  finding: () => Promise<Finding>;
};

/**
 * Watches a delivery to this URL, which starts now.
 * @param problem what the egress rules say about the URL
 */
export function watch(url: URL, problem: string | undefined): Watch {
  const startMs = performance.now();
  const endsMs: Ends = {};
  const found: { outcome: PostOutcome; error?: Caused; answer?: Answer } = { outcome: { kind: 'refused' } };
  return {
    observer: {
      reached: (step) => {
        endsMs[step] = performance.now();
      },
      answered: (response) => {
        endsMs.response = performance.now();
        found.answer = { response, beginning: beginningOf(response) };
      },
      failed: (error) => {
        found.error = error as Caused;
      },
      ended: (outcome) => {
        found.outcome = outcome;
      },
    },
    finding: async () => ({
      url,
      problem,
      outcome: found.outcome,
      ...errorFacts(found.error),
      timings: timingsOf(startMs, endsMs),
      response: found.answer && (await responseOf(found.answer, url)),
    }),
  };
}
