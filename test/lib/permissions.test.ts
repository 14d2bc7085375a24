import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { ENDPOINTS } from '../../lambdas/endpoints.ts';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { newApp } from './new-app.ts';

const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook'));
const traced = Template.fromStack(new ClickhookStack(newApp({ tracing: true }), 'Clickhook'));

const PAGE = new URL('../../docs/permissions.md', import.meta.url);
const FUNCTIONS = ['Redirect', 'Deliver', 'Purge', ...ENDPOINTS.map(({ id }) => id)];

type Statement = {
  Action: string | string[];
  /** One ARN, or several with the same permissions. */
  Resource: unknown;
  Condition?: Record<string, Record<string, string[]>>;
};
/** Partition keys by table and action, as `main GetItem`. */
type TableGrants = Record<string, string[]>;

const ANY_KEY = ['any'];

function statementsOf(functionId: string): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.includes(`${functionId}Parts`));
  expect(own).toHaveLength(1);
  return own[0]?.[1].Properties.PolicyDocument.Statement;
}

function tableOf(resource: unknown): string {
  const written = JSON.stringify(resource);
  if (written.includes('/index/byWorkspace')) return 'index';
  if (written.includes('StreamArn')) return 'stream';
  return /TablesMain/.test(written) ? 'main' : /TablesClicks/.test(written) ? 'clicks' : written;
}

/** What a function may do with tables, and its other actions. */
function grantsOf(functionId: string): { tables: TableGrants; elsewhere: string[] } {
  const tables: TableGrants = {};
  const elsewhere = new Set<string>();
  for (const statement of statementsOf(functionId)) {
    const keys = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? ANY_KEY;
    for (const action of [statement.Action].flat()) {
      const [service, name] = action.split(':');
      if (service !== 'dynamodb') elsewhere.add(action);
      else {
        for (const resource of [statement.Resource].flat()) {
          const grant = `${tableOf(resource)} ${name}`;
          tables[grant] = [...(tables[grant] ?? []), ...[keys].flat()].sort();
        }
      }
    }
  }
  return { tables, elsewhere: [...elsewhere].sort() };
}

test('permissions name their actions and their resources, without a wildcard except for traces, which have no resource', () => {
  const policies = [template, traced].flatMap((of) => Object.values(of.findResources('AWS::IAM::Policy')));
  for (const { Properties } of policies) {
    for (const { Action, Resource } of Properties.PolicyDocument.Statement as Statement[]) {
      expect([Action].flat().join()).not.toContain('*');
      if (![Action].flat().every((action) => action.startsWith('xray:'))) {
        expect(JSON.stringify(Resource)).not.toContain('*');
      }
    }
  }
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
  }
});

/** Actions on the same keys are one entry: `GetItem and Query \`LINK#*\``. */
function inWords(grants: [action: string, keys: string[]][]): string {
  const byKeys = Map.groupBy(grants, ([, keys]) => keys.map((key) => `\`${key}\``).join(', '));
  const listed = (actions: string[]) => actions.join(', ').replace(/, ([^,]+)$/, ' and $1');
  return [...byKeys].map(([keys, same]) => `${listed(same.map(([action]) => action))} ${keys}`).join('; ');
}

const TABLES: Record<string, (grants: string) => string> = {
  index: (grants) => `${grants} on the index \`byWorkspace\``,
  stream: (grants) => `${grants} on the stream of the main table`.replaceAll('`any` ', ''),
  clicks: (grants) => `${grants} on the clicks table`,
};

/** What every function may do: write to its own log. */
const EVERYWHERE = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** A function's row of the table in the docs, according to the template. */
function lineOf(functionId: string): string {
  const { tables, elsewhere } = grantsOf(functionId);
  const on = (table: string) =>
    Object.entries(tables).flatMap(([grant, keys]): [string, string[]][] =>
      grant.startsWith(`${table} `) ? [[grant.slice(table.length + 1), keys]] : [],
    );
  const others = Object.entries(TABLES).flatMap(([table, words]) =>
    on(table).length > 0 ? [words(inWords(on(table)))] : [],
  );
  const more = elsewhere.filter((action) => !EVERYWHERE.includes(action)).map((action) => `\`${action}\``);
  return `| ${functionId} | ${inWords(on('main')) || 'nothing'} | ${[...others, more.join(', ')].filter(Boolean).join('; ')} |`;
}

test('every function may write to its own log', () => {
  for (const id of FUNCTIONS) expect(grantsOf(id).elsewhere).toEqual(expect.arrayContaining(EVERYWHERE));
});

test('only functions that sign, or show or change a secret, can read secrets', () => {
  const readers = FUNCTIONS.filter((id) => JSON.stringify(statementsOf(id)).includes('SECRETS#'));
  expect(readers.sort()).toEqual([
    'Deliver',
    'HooksCheck',
    'SigningSecretRemove',
    'SigningSecretRotate',
    'SigningSecretShow',
  ]);
});

test('the redirect can write only its own counts of wrong passwords', () => {
  expect(grantsOf('Redirect').tables).toEqual({
    'main GetItem': ['DOMAIN#*', 'SLUG#*', 'WORKSPACE#*'],
    'clicks UpdateItem': ['PASSWORD#*'],
  });
});

test('the function that erases purged links cannot change the main table', () => {
  const { tables } = grantsOf('Purge');
  expect(Object.keys(tables).filter((grant) => grant.startsWith('main'))).toEqual([]);
  expect(tables).toMatchObject({
    'clicks BatchWriteItem': ['CLICK#*', 'DAYS#*'],
    'clicks UpdateItem': ['DAYS#*'],
  });
});

test('deliver can only add to the clicks table, and only clicks and sample clicks', () => {
  const onClicks = Object.entries(grantsOf('Deliver').tables).filter(([grant]) => grant.startsWith('clicks'));
  expect(onClicks).toEqual([['clicks PutItem', ['CLICK#*', 'SAMPLE#*']]]);
});

// A change of a function's permissions must appear in the docs, where people read it. UPDATE_DOCS=1 writes the table.
test('docs/permissions.md says what each function may do', async () => {
  const page = await readFile(PAGE, 'utf8');
  const table = ['| function | main table | elsewhere |', '|---|---|---|', ...FUNCTIONS.map(lineOf)].join(
    '\n',
  );
  const updated = page.replace(/\| function \|[\s\S]*?\n(?=\n|$)/, `${table}\n`);
  if (process.env.UPDATE_DOCS) await writeFile(PAGE, updated);
  else expect(page).toBe(updated);
});

test('this test covers every function', () => {
  template.resourceCountIs('AWS::Lambda::Function', FUNCTIONS.length);
});
