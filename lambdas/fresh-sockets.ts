import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK's request handler for Node: its agents keep the sockets that wait for the next request, by host. */
type Agent = { freeSockets: NodeJS.ReadOnlyDict<{ destroy(): void }[]> };
type NodeHandler = { httpHandlerConfigs?: () => { httpAgent?: Agent; httpsAgent?: Agent } };

/** The rest of a request's way, from its signature on. */
type Next = (args: any) => Promise<any>;

/** When a request is sent again, beside what the SDK's own retries do. */
export type SecondTry = {
  /** Whether a request whose connection broke is sent again at once. False where the caller has to know of each try. */
  afterBreak?: boolean;
  /**
   * After this long without an answer on a kept-alive socket, a second request goes out beside the first, and the
   * first answer counts. Only for requests that may arrive twice. Without it, silence is left to the SDK's time-out.
   */
  afterSilenceMs?: number;
};

const BREAKS = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Whether the other side broke the connection, as node:http tells it. */
const isBreak = (error: { code?: string }) => BREAKS.has(error.code ?? '');

/** Whether the socket may have been dead: it broke, or it stayed silent. The SDK gives both the same name. */
const isDeadSocket = (error: { name?: string; code?: string }) =>
  isBreak(error) || error.name === 'TimeoutError';

/** The idle sockets of a client's agents. */
function idleSockets({ config }: DynamoDBClient | SQSClient) {
  const { httpAgent, httpsAgent } = (config.requestHandler as NodeHandler).httpHandlerConfigs?.() ?? {};
  const hosts = [httpAgent, httpsAgent].flatMap((agent) => Object.values(agent?.freeSockets ?? {}));
  return hosts.flatMap((sockets) => sockets ?? []);
}

/** The first of two answers; the second request goes out when the first has failed, or after the silence. */
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
        // A second try under way may still succeed; one that has not begun is worth it after a break alone.
        if (second === undefined && !isBreak(error)) reject(error);
        else sendAgain().then(resolve, reject);
      });
  });
}

/**
 * Makes a client survive dead sockets. A function that was frozen between two requests keeps sockets that the other
 * side may have forgotten: a request on one is answered with a reset, or never. When that happens, all idle sockets
 * are closed, because they are just as old. The next attempt then uses a fresh one.
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
    // Behind the signature, so that both tries are the same request.
    { name: 'freshSockets', relation: 'after', toMiddleware: 'httpSigningMiddleware' },
  );
  return client;
}
