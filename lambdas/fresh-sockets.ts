import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK's request handler for Node. Its agents keep the idle sockets by host. */
type Agent = { freeSockets: NodeJS.ReadOnlyDict<{ destroy(): void }[]> };
type NodeHandler = { httpHandlerConfigs?: () => { httpAgent?: Agent; httpsAgent?: Agent } };

/** Sends a signed request. The rest of the SDK's middleware stack. */
type Next = (args: any) => Promise<any>;

/** When a request is sent again, in addition to the SDK's own retries. */
export type SecondTry = {
  /**
   * Whether to send a request again at once when its connection broke. False if the caller must know about each try.
   */
  afterBreak?: boolean;
  /**
   * After this long without an answer on a kept-alive socket, a second request is sent in parallel, and the first
   * answer counts. Only for requests that may arrive twice. Without it, the SDK's time-out applies.
   */
  afterSilenceMs?: number;
};

const BREAKS = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Whether the other side broke the connection, by the error codes of node:http. */
const isBreak = (error: { code?: string }) => BREAKS.has(error.code ?? '');

/** Whether the socket may have been dead: it broke, or it stayed silent. The SDK uses one error name for both. */
const isDeadSocket = (error: { name?: string; code?: string }) =>
  isBreak(error) || error.name === 'TimeoutError';

/** The idle sockets of a client's agents. */
function idleSockets({ config }: DynamoDBClient | SQSClient) {
  const { httpAgent, httpsAgent } = (config.requestHandler as NodeHandler).httpHandlerConfigs?.() ?? {};
  const hosts = [httpAgent, httpsAgent].flatMap((agent) => Object.values(agent?.freeSockets ?? {}));
  return hosts.flatMap((sockets) => sockets ?? []);
}

/** The first of two answers. The second request is sent when the first has failed, or after the silence. */
function firstAnswer<T>(send: () => Promise<T>, again: () => Promise<T>, silenceMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let second: Promise<T> | undefined;
    const sendAgain = () => {
      second ??= again();
      return second;
    };
    const timer = setTimeout(() => sendAgain().then(resolve, () => undefined), silenceMs);
    const first = send();
    first
      .finally(() => clearTimeout(timer))
      .then(resolve, (error) => {
        // A second try that is under way may still succeed. A new second try is worth it only if the connection broke.
        if (second === undefined && !isBreak(error)) reject(error);
        else sendAgain().then(resolve, reject);
      });
  });
}

/**
 * Makes a client survive dead sockets. A function that was frozen between two requests may keep sockets that the other
 * side has closed. A request on such a socket fails with a reset, or gets no answer. Then all idle sockets are closed,
 * because they are just as old, and the next attempt opens a new one.
 */
export function withFreshSockets<Client extends DynamoDBClient | SQSClient>(
  client: Client,
  { afterBreak = true, afterSilenceMs }: SecondTry = {},
): Client {
  const closeIdle = () => {
    for (const socket of idleSockets(client)) socket.destroy();
  };
  const { middlewareStack } = client as DynamoDBClient;
  middlewareStack.addRelativeTo(
    (next: Next): Next =>
      (args) => {
        const again = () => {
          closeIdle();
          return next(args);
        };
        if (afterSilenceMs !== undefined && idleSockets(client).length > 0)
          return firstAnswer(() => next(args), again, afterSilenceMs);
        return next(args).catch((error) => {
          if (afterBreak && isBreak(error)) return again();
          if (isDeadSocket(error)) closeIdle();
          throw error;
        });
      },
    // Runs after the signature, so that both tries send the same request.
    { name: 'freshSockets', relation: 'after', toMiddleware: 'httpSigningMiddleware' },
  );
  return client;
}
