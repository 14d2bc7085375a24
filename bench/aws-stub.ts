import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority } from '../test/end-to-end/certificates.ts';

/** The responses of a stub and their delays. Items are in DynamoDB's own notation. */
export type StubSettings = {
  delaysMs: { dynamoDb: number; sqs: number };
  link: object;
  hooks: object[];
  /** PEM. Without it, the stub speaks plain HTTP. */
  certificate?: { cert: string; key: string };
};
export type StubStarted = { port: number };
export type StubRequest = 'counts' | 'counts-and-reset';

/** The parts of DynamoDB and SQS that clicks need, in a separate process. */
export type AwsStub = {
  /** The variables that direct a function's SDK clients to the stub. */
  environment: Record<string, string>;
  /** Requests since the last reset, by operation. */
  counts: (request: StubRequest) => Promise<Record<string, number>>;
  stop: () => void;
};

const PROCESS = fileURLToPath(new URL('processes/aws-stub.ts', import.meta.url));

/** Starts a stub that speaks HTTPS, with a certificate that functions accept in its environment. */
export async function startAwsStubOverTls(settings: StubSettings): Promise<AwsStub> {
  const authority = await createAuthority();
  const stub = await startAwsStub({ ...settings, certificate: await authority.issue(['127.0.0.1']) });
  return {
    ...stub,
    environment: { ...stub.environment, NODE_EXTRA_CA_CERTS: authority.file },
    stop: () => {
      stub.stop();
      rmSync(dirname(authority.file), { recursive: true });
    },
  };
}

/** Starts a stub on a free port of loopback. */
export async function startAwsStub(settings: StubSettings): Promise<AwsStub> {
  const child = fork(PROCESS, [JSON.stringify(settings)], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [StubStarted];
  const endpoint = `http${settings.certificate ? 's' : ''}://127.0.0.1:${port}`;
  return {
    environment: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_SQS: endpoint,
      CLICKHOOK_TABLE_NAME: 'Main',
      CLICKHOOK_CLICKS_TABLE_NAME: 'Clicks',
      CLICKHOOK_CLICK_RETENTION_DAYS: '400',
      CLICKHOOK_CLICKS_QUEUE_URL: `${endpoint}/000000000000/Clicks`,
      CLICKHOOK_BASE_URL: 'https://links.example.com',
      CLICKHOOK_API_ENDPOINT: 'https://links.example.com',
    },
    counts: async (request) => {
      const answered = once(child, 'message');
      child.send(request);
      return (await answered)[0];
    },
    stop: () => child.disconnect(),
  };
}
