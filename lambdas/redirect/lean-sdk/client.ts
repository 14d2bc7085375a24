import aws4 from 'aws4';
import { region } from './endpoint.ts';
import { outputOf, type ServiceError } from './errors.ts';
import { type Agents, exchange, type Request, type Timeouts } from './http.ts';
import { CAPACITY, COST, pause, pauseAfter, retryKind, THROTTLED_PAUSE_MS } from './retry.ts';

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
  /** The SDK's names of the error codes of the query protocol, for a service that had it before. */
  queryNames?: Record<string, string>;
  /** The SDK's default for the service, with the first request. */
  maxAttempts: number;
  /** The longest pause before the second attempt, after an error that is not a throttle. */
  pauseMs: number;
  /** Where a request goes. */
  originOf: (input: any) => string;
};

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
    const most = this.options.maxAttempts ?? this.service.maxAttempts;
    let spent = 1;
    let pausedMs = 0;
    for (let attempts = 1; ; attempts++) {
      try {
        const { output } = await attempt({});
        this.capacity = Math.min(CAPACITY, this.capacity + spent);
        return output;
      } catch (error) {
        const kind = retryKind(error);
        if (!kind || attempts >= most || this.capacity < COST[kind])
          throw described(error as ServiceError, attempts, pausedMs);
        spent = COST[kind];
        this.capacity -= spent;
        const firstMs = kind === 'throttling' ? THROTTLED_PAUSE_MS : this.service.pauseMs;
        const ms = pauseAfter(attempts, firstMs, error as ServiceError);
        pausedMs += ms;
        await pause(ms, abortSignal);
      }
    }
  }

  /** One attempt with the steps around it: they run outside in, as they were added. */
  private attemptOf(operation: string, input: any, signal: AbortSignal | undefined): Next {
    const body = JSON.stringify(input);
    const origin = new URL(this.service.originOf(input));
    const timeouts = this.options.requestHandler ?? {};
    const send: Next = async (args) => {
      const response = await exchange(args as Request, this.agents, timeouts, signal);
      return { output: outputOf(response, this.service.queryNames) };
    };
    const sendSigned = wrapped(send, this.behindSignatures);
    const sign: Next = async () => {
      const { skewMs } = this;
      try {
        return await sendSigned(this.signed(operation, body, origin));
      } catch (error) {
        throw this.corrected(error as ServiceError, skewMs);
      }
    };
    return wrapped(sign, this.aroundAttempts);
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

  /**
   * Follows AWS's clock when a request was rejected that was signed with another time: it is sent again then. Another
   * request may have corrected the clock since, so the time in the signature counts.
   */
  private corrected(error: ServiceError, signedSkewMs: number): ServiceError {
    const aheadMs = Date.parse(error.$response?.headers.date ?? '') - Date.now();
    if (!(Math.abs(aheadMs - signedSkewMs) > MAX_SKEW_MS)) return error;
    this.skewMs = aheadMs;
    Object.assign(error.$metadata ?? {}, { clockSkewCorrected: true });
    return error;
  }
}

const wrapped = (send: Next, steps: Middleware[]): Next =>
  steps.reduceRight((next, step) => step(next, {}), send);

/** `20270131T120000Z` */
const amzDate = (epochMs: number) => new Date(epochMs).toISOString().replace(/[:-]|\.\d{3}/g, '');

/** An error with what the SDK tells about its attempts. It tells nothing of a caller's abort. */
function described(error: ServiceError, attempts: number, totalRetryDelay: number): ServiceError {
  if (error.name !== 'AbortError') error.$metadata = { ...error.$metadata, attempts, totalRetryDelay };
  return error;
}
