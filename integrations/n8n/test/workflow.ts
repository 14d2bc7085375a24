import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import { type Running, receive } from './n8n.ts';

/** A workflow that starts with a trigger, at a free loopback port. */
export type Workflow = {
  /** The address of the trigger at n8n. */
  url: string;
  /** Each start of the workflow: the items of the trigger. */
  starts: IDataObject[][];
  /** The status of each request that has been answered. */
  answers: number[];
  /** Waits until this many requests have been answered. */
  answered: (total: number) => Promise<void>;
  close: () => Promise<void>;
};

/** Serves the webhook of a trigger, as n8n does. */
export async function startWorkflow(running: () => Running): Promise<Workflow> {
  const events = new EventEmitter();
  const starts: IDataObject[][] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const items = await receive(running(), request, response);
    if (items.length > 0) starts.push(items);
    answers.push(response.statusCode);
    events.emit('answered');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/1/webhook`,
    starts,
    answers,
    answered: async (total) => {
      while (answers.length < total) await once(events, 'answered');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
