import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type ReceiverStarted = { port: number };
/** Deliveries that were answered since the last call, and the time of the last one, as `Date.now()` counts. */
export type ReceiverSeen = { answered: number; lastAnsweredAtMs: number };

/** Receives webhooks in a separate process. */
export type Receiver = {
  url: (path: string) => string;
  /** What the receiver has seen since the last call. */
  seen: () => Promise<ReceiverSeen>;
  stop: () => void;
};

const PROCESS = fileURLToPath(new URL('processes/receiver.ts', import.meta.url));

/** Starts a receiver on a free port of loopback. */
export async function startReceiver(): Promise<Receiver> {
  const child = fork(PROCESS, [], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [ReceiverStarted];
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    seen: async () => {
      const answered = once(child, 'message');
      child.send('seen');
      return (await answered)[0];
    },
    stop: () => child.disconnect(),
  };
}
