import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { newApp } from './new-app.ts';

const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook'));

type Statement = {
  Action: string | string[];
  /** One ARN, or several that the same is allowed on. */
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
  return /TablesMain/.test(written) ? 'main' : /TablesClaims/.test(written) ? 'claims' : written;
}

/** What a function may do to tables, and the actions that it has elsewhere. */
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

test('permissions name their actions and their resources, without a wildcard but for traces, which have none', () => {
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
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

const OWNERS = ['LINK#*', 'WORKSPACE#*'];
const PLACES = ['LINK#*', 'SLUG#*'];
const READ_OWNERS = { 'main GetItem': ['KEY#*', 'LINK#*', 'SLUG#*', 'WORKSPACE#*'] };
const READ_LINKS = { 'main GetItem': ['KEY#*', ...PLACES] };
const READ_WORKSPACES = { 'main GetItem': ['KEY#*', 'WORKSPACE#*'] };
const LIST_DOMAINS = {
  'main GetItem': ['KEY#*'],
  'main Query': ['WORKSPACE#*'],
  'main BatchGetItem': ['DOMAIN#*'],
};
const LIST_KEYS = { 'main GetItem': ['KEY#*'], 'main Query': ['WORKSPACE#*'] };
const READ_SECRETS = { 'main GetItem': ['KEY#*', 'SECRETS#*'] };
const LINKS_OF_A_WORKSPACE = { 'index Query': ['WORKSPACE#*'] };
const TRASH_LINKS = {
  ...READ_LINKS,
  'main Query': ['LINK#*'],
  'main PutItem': ['SLUG#*'],
  'main DeleteItem': ['SLUG#*'],
  'main UpdateItem': ['DOMAIN#*', ...OWNERS],
};
const CONSUME = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

// docs/permissions.md says the same in words.
const ALLOWED: [string, TableGrants, string[]?][] = [
  [
    'Redirect',
    { 'main GetItem': ['DOMAIN#*', 'SLUG#*', 'WORKSPACE#*'], 'claims UpdateItem': ['PASSWORD#*'] },
    ['sqs:SendMessage'],
  ],
  [
    'Deliver',
    {
      'main Query': OWNERS,
      'main GetItem': ['SECRETS#*'],
      'main UpdateItem': PLACES,
      'claims PutItem': ANY_KEY,
    },
    CONSUME,
  ],
  [
    'HooksCreate',
    { ...READ_OWNERS, 'main Query': OWNERS, 'main PutItem': OWNERS, 'main UpdateItem': OWNERS },
  ],
  ['HooksList', { ...READ_OWNERS, 'main Query': OWNERS }],
  ['HooksDelete', { ...READ_OWNERS, 'main Query': OWNERS, 'main DeleteItem': OWNERS }],
  ['HooksTest', { ...READ_LINKS, 'claims UpdateItem': ['TEST#*'] }, ['sqs:SendMessage']],
  [
    'LinksSave',
    {
      'main GetItem': ['DOMAIN#*', 'KEY#*', ...PLACES],
      'main BatchGetItem': ['SLUG#*'],
      'main PutItem': PLACES,
      'main DeleteItem': PLACES,
      'main UpdateItem': ['COUNTER#LINK', 'DOMAIN#*', 'LINK#*', 'WORKSPACE#*'],
      'main Query': ['LINK#*'],
    },
  ],
  ['LinksGet', { ...READ_LINKS, 'main Query': ['LINK#*'] }],
  [
    'LinksList',
    {
      ...READ_WORKSPACES,
      'main BatchGetItem': ['LINK#*'],
      'main UpdateItem': ['WORKSPACE#*'],
      ...LINKS_OF_A_WORKSPACE,
    },
  ],
  ['LinksExport', { 'main GetItem': ['KEY#*'], 'main BatchGetItem': ['LINK#*'], ...LINKS_OF_A_WORKSPACE }],
  ['LinksDelete', TRASH_LINKS],
  ['LinksDeleteMany', TRASH_LINKS],
  ['DomainsList', LIST_DOMAINS],
  [
    'DomainsCreate',
    {
      ...LIST_DOMAINS,
      'main GetItem': ['DOMAIN#*', 'KEY#*', 'WORKSPACE#*'],
      'main PutItem': ['DOMAIN#*', 'WORKSPACE#*'],
      'main UpdateItem': ['COUNTER#DOMAIN', 'WORKSPACE#*'],
    },
  ],
  [
    'DomainsDelete',
    {
      ...LIST_DOMAINS,
      'main DeleteItem': ['DOMAIN#*', 'WORKSPACE#*'],
      ...LINKS_OF_A_WORKSPACE,
    },
  ],
  ['DomainsFavicon', { ...LIST_DOMAINS, 'main UpdateItem': ['DOMAIN#*'] }],
  ['KeysList', LIST_KEYS],
  [
    'KeysCreate',
    {
      ...LIST_KEYS,
      ...READ_WORKSPACES,
      'main PutItem': ['KEY#*', 'WORKSPACE#*'],
      'main UpdateItem': ['WORKSPACE#*'],
    },
  ],
  [
    'KeysRevoke',
    { ...LIST_KEYS, 'main ConditionCheckItem': ['KEY#*'], 'main DeleteItem': ['KEY#*', 'WORKSPACE#*'] },
  ],
  ['SigningSecretShow', READ_SECRETS],
  ['SigningSecretRotate', { ...READ_SECRETS, 'main PutItem': ['SECRETS#*'] }],
  ['SigningSecretRemove', { ...READ_SECRETS, 'main DeleteItem': ['SECRETS#*'] }],
  ['WorkspacesList', READ_WORKSPACES],
  ['WorkspacesGet', { ...READ_WORKSPACES, 'main Query': ['WORKSPACE#*'] }],
  [
    'WorkspacesSave',
    {
      ...READ_WORKSPACES,
      'main UpdateItem': ['WORKSPACE#*'],
      'main Query': ['WORKSPACE#*'],
      'main PutItem': ['WORKSPACE#*'],
      'main DeleteItem': ['WORKSPACE#*'],
    },
  ],
  [
    'WorkspacesCreate',
    {
      ...READ_WORKSPACES,
      'main PutItem': ['KEY#*', 'WORKSPACE#*'],
      'main UpdateItem': ['COUNTER#WORKSPACE', 'WORKSPACE#*'],
    },
  ],
  ['ApiDocument', {}],
  ['Dashboard', {}],
  ['UnknownRoute', {}],
];

/** What every function may do: write to its own log, and send traces. */
const EVERYWHERE = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

test.each(ALLOWED)(
  '%s may do what it needs, on its own items alone',
  (functionId, tables, elsewhere = []) => {
    expect(grantsOf(functionId)).toEqual({
      tables,
      elsewhere: [...EVERYWHERE, ...elsewhere].sort(),
    });
  },
);

test('no function is left out of these', () => {
  template.resourceCountIs('AWS::Lambda::Function', ALLOWED.length);
});
