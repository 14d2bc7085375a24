import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ItemGrant } from '../lambdas/api/endpoint.ts';
import { type DeclaredEndpoint, ENDPOINTS } from '../lambdas/endpoints.ts';
import { ENV } from '../lambdas/env.ts';
import { BY_WORKSPACE_INDEX } from '../lambdas/table.ts';
import type { ClickQueue } from './click-queue.ts';
import { ClickhookFunction } from './function.ts';
import { grantItems } from './table-grants.ts';
import type { Tables } from './tables.ts';

/**
 * `ownOrigins`: the addresses of this stack, by variable; no webhook may point there. `edgeOnly`: what functions behind
 * routes need to reject requests that bypass the CDN; empty when all requests are allowed. `edge`: what a function needs to
 * trust the host that the CDN names; empty without a CDN.
 */
export type ManagementProps = {
  tables: Tables;
  clicks: ClickQueue;
  ownOrigins: Record<string, string>;
  edgeOnly: Record<string, string>;
  edge: Record<string, string>;
};

/** Reads the API key of a call. */
const READ_KEYS: ItemGrant = { actions: ['GetItem'], keys: ['KEY#*'] };

/** A function for every endpoint, with exactly the permissions in its declaration. */
export class Management extends Construct {
  /** The functions by the id of their endpoint. */
  readonly functions: Record<string, ClickhookFunction>;

  constructor(scope: Construct, props: ManagementProps) {
    super(scope, 'Management');
    const created = ENDPOINTS.map((endpoint) => [endpoint.id, this.functionOf(endpoint, props)] as const);
    this.functions = Object.fromEntries(created);
    new CfnOutput(scope, 'CreateWorkspace', {
      description: 'Creates a workspace; prints its id and its API key, once',
      value: `aws lambda invoke --function-name ${this.functions.WorkspacesCreate?.functionName} --cli-binary-format raw-in-base64-out --payload '{"name":"My workspace"}' /dev/stdout`,
    });
  }

  private functionOf(
    endpoint: DeclaredEndpoint,
    { tables, clicks, ownOrigins, edgeOnly, edge }: ManagementProps,
  ): ClickhookFunction {
    const {
      id,
      entry,
      handler,
      description,
      memorySize,
      timeoutSeconds,
      access,
      grants,
      clickItems,
      index,
      host,
      queue,
    } = endpoint;
    const readsTable = access !== 'everybody' || grants !== undefined;
    const ofTable = readsTable ? { [ENV.tableName]: tables.main.tableName, ...ownOrigins } : {};
    const created = new ClickhookFunction(this, id, {
      entry,
      handler,
      description,
      ...(memorySize ? { memorySize } : {}),
      ...(timeoutSeconds ? { timeout: Duration.seconds(timeoutSeconds) } : {}),
      environment: { ...ofTable, ...(host ? edge : {}), ...(access === 'iam' ? {} : edgeOnly) },
    });
    const { main } = tables;
    grantItems(created, main.tableArn, [...(access === undefined ? [READ_KEYS] : []), ...(grants ?? [])]);
    if (index) {
      const links = { actions: ['Query'], keys: ['WORKSPACE#*'] };
      grantItems(created, `${main.tableArn}/index/${BY_WORKSPACE_INDEX}`, [links]);
    }
    if (clickItems) {
      created.addEnvironment(ENV.clicksTableName, tables.clicks.tableName);
      grantItems(created, tables.clicks.tableArn, clickItems);
    }
    if (queue) clicks.grantSend(created);
    return created;
  }
}
