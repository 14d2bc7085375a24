import { setTimeout as delay } from 'node:timers/promises';
import aws4 from 'aws4';
import { region } from './endpoint.ts';
import { isClockSkew, retryKind, serviceError } from './errors.ts';
import { type Agents, exchange, type Request, type Timeouts } from './http.ts';

/** The part of the SDK's options that our clients use. */
export type ClientOptions = { maxAttempts?: number; requestHandler?: Timeouts };
export type SendOptions = { abortSignal?: AbortSignal };

/** A step around one attempt, in the shape of the SDK's middleware. */
type Next = (args: unknown) => Promise<{ output: any }>;
type Middleware = (next: Next, context: object) => Next;

/** What the services differ in. */
export type Service = {
  name: 'dynamodb' | 'sqs';
  /** What stands before the operation in `x-amz-target`. */
  target: string;
  headers: Record<string, string>;
  /** Where a request goes. */
  originOf: (input: any) => string;
};

// The SDK's standard retries: @smithy/core, retries-2026-config.
const MAX_ATTEMPTS = 3;
const PAUSE_MS = { transient: 50, throttling: 1_000 };
const COST = { transient: 14, throttling: 5 };
const MAX_PAUSE_MS = 20_000;
const CAPACITY = 500;
/** AWS accepts signatures of clocks that differ by up to five minutes. */
const MAX_SKEW_MS = 4 * 60_000;

/**
 * A client of one AWS service with the JSON protocol: requests over kept-alive sockets, signed with Signature Version 4
 * by the credentials in the environment, and retried as the SDK would.
 */
export class LeanClient {
  readonly config: { requestHandler: { httpHandlerConfigs: () => Agents } };
  /** As much of the SDK's stack as table.ts and fresh-sockets.ts use: steps around an attempt, and behind its signature. */
  readonly middlewareStack = {
    add: (step: Middleware) => this.aroundAttempts.push(step),
    addRelativeTo: (step: Middleware) => this.behindSignatures.push(step),
  };
  private readonly aroundAttempts: Middleware[] = [];
  private readonly behindSignatures: Middleware[] = [];
  private readonly agents: Agents = {};
  /** Retries that may still be spent. Each success gives some back. */
  private capacity = CAPACITY;
  /** How far AWS's clock is ahead of ours. */
  private skewMs = 0;
  private readonly service: Service;
  private readonly options: ClientOptions;

  constructor(service: Service, options: ClientOptions = {}) {
    this.service = service;
    this.options = options;
    this.config = { requestHandler: { httpHandlerConfigs: () => this.agents } };
  }

  destroy(): void {
    this.agents.httpAgent?.destroy();
    this.agents.httpsAgent?.destroy();
  }

  /** Sends an operation. @throws Error with the SDK's name of what went wrong */
  async call(operation: string, input: object, { abortSignal }: SendOptions = {}): Promise<any> {
    const attempt = this.attemptOf(operation, input, abortSignal);
    const most = this.options.maxAttempts ?? MAX_ATTEMPTS;
    let spent = 1;
    for (let attempts = 1; ; attempts++) {
      try {
        const { output } = await attempt({});
        this.capacity = Math.min(CAPACITY, this.capacity + spent);
        return output;
      } catch (error) {
        const kind = retryKind(error);
        if (!kind || attempts >= most || this.capacity < COST[kind]) throw error;
        spent = COST[kind];
        this.capacity -= spent;
        await pause(Math.min(PAUSE_MS[kind] * 2 ** (attempts - 1), MAX_PAUSE_MS), abortSignal);
      }
    }
  }

  /** One attempt with the steps around it: they run outside in, as they were added. */
  private attemptOf(operation: string, input: any, signal: AbortSignal | undefined): Next {
    const body = JSON.stringify(input);
    const origin = new URL(this.service.originOf(input));
    const send: Next = async (args) => {
      const { status, headers, text } = await exchange(
        args as Request,
        this.agents,
        this.options.requestHandler ?? {},
        signal,
      );
      if (status < 300) return { output: text === '' ? {} : JSON.parse(text) };
      throw this.corrected(serviceError(status, headers, text), headers.date);
    };
    const signed = wrapped(send, this.behindSignatures);
    return wrapped(() => signed(this.signed(operation, body, origin)), this.aroundAttempts);
  }

  private signed(operation: string, body: string, origin: URL): Request {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    const trace = process.env.AWS_LAMBDA_FUNCTION_NAME && process.env._X_AMZN_TRACE_ID;
    const { headers } = aws4.sign(
      {
        service: this.service.name,
        region: region(),
        method: 'POST',
        path: '/',
        headers: {
          Host: origin.host,
          'Content-Type': 'application/x-amz-json-1.0',
          'X-Amz-Target': `${this.service.target}.${operation}`,
          'X-Amz-Date': amzDate(Date.now() + this.skewMs),
          ...this.service.headers,
          ...(trace ? { 'X-Amzn-Trace-Id': trace } : {}),
        },
        body,
      },
      {
        accessKeyId: AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
        ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
      },
    );
    return { origin, path: '/', headers: headers as Record<string, string>, body };
  }

  /** Follows AWS's clock when a signature was rejected and ours is wrong: the request is sent again then. */
  private corrected<E extends Error & { $metadata: object }>(error: E, date: string | undefined): E {
    const aheadMs = Date.parse(date ?? '') - Date.now();
    if (!isClockSkew(error) || !(Math.abs(aheadMs - this.skewMs) > MAX_SKEW_MS)) return error;
    this.skewMs = aheadMs;
    Object.assign(error.$metadata, { clockSkewCorrected: true });
    return error;
  }
}

const wrapped = (send: Next, steps: Middleware[]): Next =>
  steps.reduceRight((next, step) => step(next, {}), send);

/** `20270131T120000Z` */
const amzDate = (epochMs: number) => new Date(epochMs).toISOString().replace(/[:-]|\.\d{3}/g, '');

/** Waits for a random part of a time, unless the signal aborts. */
async function pause(mostMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(Math.floor(Math.random() * mostMs), undefined, signal ? { signal } : {});
  } catch {
    throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  }
}
