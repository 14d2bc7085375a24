import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type ReceiverStarted = { port: number };
/** Posts that were answered since it was last asked, and when the last of them was, as `Date.now()` counts. */
export type ReceiverSeen = { answered: number; lastAnsweredAtMs: number };

/** Receives webhooks in a process of its own. */
export type Receiver = {
  url: (path: string) => string;
  /** What it has seen since this was called last. */
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
