/** Loads one function's bundle in a thread and runs its handler, one event at a time. */
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerReady, WorkerReply, WorkerRequest, WorkerStart } from './functions.ts';

const { bundle, module, exported, functionName, memoryMb, waits } = workerData as WorkerStart;
// Redirects have priority over deliveries, which in the cloud do not share a machine. Only Linux has priorities of
// threads.
if (waits && process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const handler: unknown = createRequire(`${bundle}/`)(`${bundle}/${module}`)[exported];

function contextFor({ requestId, deadlineEpochMs }: WorkerRequest) {
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: String(memoryMb),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineEpochMs - Date.now(),
  };
}

parentPort?.on('message', async (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    if (typeof handler !== 'function') throw new TypeError(`The bundle exports no function ${exported}`);
    const result = await handler(JSON.parse(request.event), contextFor(request));
    reply = { result: JSON.stringify(result ?? null) };
  } catch (error) {
    const { name, message, stack } = error as Error;
    reply = { error: { errorType: name, errorMessage: message, trace: String(stack).split('\n') } };
  }
  parentPort?.postMessage(reply);
});

parentPort?.postMessage({ ready: true } satisfies WorkerReady);
