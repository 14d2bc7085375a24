import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { CLICK_MEMORY_MB } from '../lib/click-path.ts';
import { startRuntimeApi } from '../test/runtime/runtime-api.ts';
import { installRuntimeClient, RUNTIME_CLIENT } from '../test/runtime/runtime-client.ts';
import { type AwsStub, startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { alternating, overEmpty } from './cold-start.ts';
import type { Figure } from './figure.ts';
import { benchLink, clickEvent, dynamoDbItem } from './samples.ts';

const STUB = { delaysMs: { dynamoDb: 0, sqs: 0 }, link: dynamoDbItem(benchLink()), hooks: [] };
const TIMEOUT_MS = 10_000;

/** Milliseconds from the start of AWS's runtime client until the bundle's answer has reached the Runtime API. */
async function coldStart(bundle: string, stub: AwsStub): Promise<number> {
  const api = await startRuntimeApi();
  const env = {
    ...stub.environment,
    PATH: process.env.PATH ?? '',
    AWS_LAMBDA_RUNTIME_API: api.address,
    LAMBDA_TASK_ROOT: bundle,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(CLICK_MEMORY_MB.redirect),
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    _HANDLER: 'index.handler',
  };
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [RUNTIME_CLIENT], {
    cwd: bundle,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const invocation = {
      requestId: randomUUID(),
      traceId: '',
      functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:bench',
      deadlineEpochMs: Date.now() + TIMEOUT_MS,
      event: clickEvent(),
    };
    const ended = exited.then(() => {
      throw new Error('The runtime client ended before its first answer');
    });
    const outcome = await Promise.race([api.invoke(invocation, () => undefined), ended]);
    const tookMs = performance.now() - startedAtMs;
    const answer = 'value' in outcome ? (outcome.value as { statusCode?: number }) : {};
    if (answer.statusCode !== 302) {
      throw new Error(`A bundle did not redirect its first event: ${JSON.stringify(outcome)}`);
    }
    return tookMs;
  } finally {
    child.kill('SIGKILL');
    await exited;
    await api.close();
  }
}

/** The cold start of the redirect under the client that runs functions in Lambda, compared with an empty handler's. */
export async function coldStartsInRuntime(bundles: Bundles, runs: number): Promise<Figure[]> {
  await installRuntimeClient();
  const stub = await startAwsStub(STUB);
  try {
    const took = await alternating(['redirect', 'empty'], runs, (name) => coldStart(bundles[name], stub));
    return [overEmpty(" under AWS's runtime client", took)];
  } finally {
    stub.stop();
  }
}
