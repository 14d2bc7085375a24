import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Annotations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { createResolver } from '../../local/intrinsics.ts';
import { unknownResources } from '../../local/template.ts';
import { newCheckedApp } from './new-app.ts';
import { OPTION_SETS } from './option-sets.ts';

const root = new URL('../..', import.meta.url).pathname;

/** Synthesizes the app. @returns its folder, what was printed, and what the checks have found */
async function synthesize(context = {}, prepare: (stack: ClickhookStack) => void = () => undefined) {
  const printed: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  jest.spyOn(console, 'error').mockImplementation((line) => printed.push(String(line)));
  try {
    const app = newCheckedApp(context);
    prepare(new ClickhookStack(app, 'Clickhook'));
    const assembly = app.synth();
    const { directory } = assembly;
    const report = JSON.parse(await readFile(join(directory, 'validation-report.json'), 'utf8'));
    // Node warns about the modules that jest loads.
    const said = printed.filter((line) => !line.includes('ExperimentalWarning'));
    const template = assembly.getStackByName('Clickhook').template;
    return { directory, template, printed: said, findings: report.pluginReports };
  } finally {
    jest.restoreAllMocks();
  }
}

describe.each(OPTION_SETS)('synthesized with %s', (_name, context) => {
  let made: Awaited<ReturnType<typeof synthesize>>;

  beforeAll(async () => {
    made = await synthesize(context);
  });

  test('the template is valid, cdk-nag finds nothing, and there are no warnings', () => {
    expect(made.findings).toEqual([]);
    expect(made.printed).toEqual([]);
  });

  test('the local stack knows every resource and can resolve all of them', () => {
    expect(unknownResources(made.template)).toEqual([]);
    expect(() => createResolver(made.template, new Map())(made.template.Resources)).not.toThrow();
  });
});

describe('the checks', () => {
  test('would find a resource that breaks the rules', async () => {
    const careless = synthesize({}, (stack) => new Queue(stack, 'Careless'));
    await expect(careless).rejects.toThrow(/AwsSolutions-SQS3/);
  });

  test('would find a value that CloudFormation does not accept', async () => {
    const wrong = synthesize({}, (stack) => {
      const table = stack.node.findChild('ClickQueue').node.findChild('Clicks').node.defaultChild;
      Object.assign(table ?? {}, { messageRetentionPeriod: 5 });
    });
    await expect(wrong).rejects.toThrow(/MessageRetentionPeriod/);
  });

  test('would show a warning', async () => {
    const { findings } = await synthesize({}, (stack) =>
      Annotations.of(stack).addWarningV2('id', 'Mind this'),
    );
    expect(JSON.stringify(findings)).toContain('Mind this');
  });
});

test('the CDK CLI of this project reads what the library writes', async () => {
  const { directory } = await synthesize();
  const cli = join(root, 'node_modules/aws-cdk/bin/cdk');
  const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' };
  const run = promisify(execFile)(process.execPath, [cli, 'list', '--app', directory, '--no-notices'], {
    env,
  });
  expect((await run).stdout.trim()).toBe('Clickhook');
});
