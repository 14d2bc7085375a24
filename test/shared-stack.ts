import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWorkspace, type LocalStack, startLocal, type Workspace } from './end-to-end/local-stack.ts';

// End-to-end tests that change nothing outside of a workspace share one local stack, because starting one takes
// seconds. Jest starts it when the first test requests it, and stops it after the last test.

/** The variable with the URL of the run's own process, which returns the URL of the shared stack. */
const VARIABLE = 'CLICKHOOK_TEST_STACK_SERVER';

let server: Server | undefined;
let started: Promise<LocalStack> | undefined;

/** Offers the stack to the workers of this run, which inherit the variable. The stack starts later. */
export async function offerSharedStack(): Promise<void> {
  server = createServer((_request, response) => {
    started ??= startLocal();
    started.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  // A suite with a teardown of its own must not wait for it.
  server?.unref();
  process.env[VARIABLE] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function stopSharedStack(): Promise<void> {
  server?.close();
  server?.closeAllConnections();
  await (await started)?.stop();
}

/** A new workspace of the shared stack, for one test file. */
export async function sharedWorkspace(): Promise<Workspace> {
  const response = await fetch(process.env[VARIABLE] ?? '');
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return createWorkspace(text);
}
