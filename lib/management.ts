import { CfnOutput } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { RouteFunction } from '../lambdas/api/routes.ts';
import { ENV } from '../lambdas/env.ts';
import { BY_WORKSPACE_INDEX } from '../lambdas/table.ts';
import type { ClickQueue } from './click-queue.ts';
import { ClickhookFunction } from './function.ts';
import { type FunctionDefinition, MANAGEMENT_FUNCTIONS } from './management-functions.ts';
import { grantItems } from './table-grants.ts';
import type { Tables } from './tables.ts';

/** No route leads here: IAM alone decides who may invoke it. */
const CREATE_WORKSPACES: FunctionDefinition = {
  entry: 'workspaces/create.ts',
  description: 'Creates a workspace and its API key; invoked with IAM only',
  grants: [
    { actions: ['GetItem', 'PutItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
    { actions: ['UpdateItem'], keys: ['COUNTER#WORKSPACE', 'WORKSPACE#*'] },
  ],
};

/**
 * `ownOrigins`: where this stack itself is reached, by variable; no webhook may lead there. `edgeOnly`: what functions
 * behind routes need to refuse requests that come past the CDN, empty when all are let in.
 */
export type ManagementProps = {
  tables: Tables;
  clicks: ClickQueue;
  ownOrigins: Record<string, string>;
  edgeOnly: Record<string, string>;
};

/** The functions behind the REST API, and the one that only IAM can invoke. */
export class Management extends Construct {
  readonly functions: Record<Exclude<RouteFunction, 'Redirect'>, ClickhookFunction>;

  constructor(scope: Construct, { tables, clicks, ownOrigins, edgeOnly }: ManagementProps) {
    super(scope, 'Management');
    const environment = { [ENV.tableName]: tables.main.tableName, ...ownOrigins };
    const indexArn = `${tables.main.tableArn}/index/${BY_WORKSPACE_INDEX}`;
    const define = (name: string, definition: FunctionDefinition, guard = edgeOnly): ClickhookFunction => {
      const { grants, claims, index, queues, ...props } = definition;
      const created = new ClickhookFunction(this, name, {
        ...props,
        environment: { ...environment, ...guard },
      });
      grantItems(created, tables.main.tableArn, grants);
      if (index) grantItems(created, indexArn, [{ actions: ['Query'], keys: ['WORKSPACE#*'] }]);
      if (claims) {
        created.addEnvironment(ENV.claimsTableName, tables.claims.tableName);
        grantItems(created, tables.claims.tableArn, claims);
      }
      if (queues) clicks.grantSend(created);
      return created;
    };
    const defined = Object.entries(MANAGEMENT_FUNCTIONS).map(([name, definition]) => [
      name,
      define(name, definition),
    ]);
    const unknownRoute = new ClickhookFunction(this, 'UnknownRoute', {
      entry: 'site/unknown-route.ts',
      description: 'Answers API calls that no route takes',
      memorySize: 256,
      environment: edgeOnly,
    });
    const apiDocument = new ClickhookFunction(this, 'ApiDocument', {
      entry: 'site/docs.ts',
      description: 'Serves the OpenAPI document and the page that shows it',
      environment: edgeOnly,
    });
    const dashboard = new ClickhookFunction(this, 'Dashboard', {
      entry: 'site/dashboard.ts',
      description: 'Serves the dashboard, a page that calls the API',
      environment: edgeOnly,
    });
    this.functions = {
      ...Object.fromEntries(defined),
      UnknownRoute: unknownRoute,
      ApiDocument: apiDocument,
      Dashboard: dashboard,
    };
    const create = define('WorkspacesCreate', CREATE_WORKSPACES, {});
    new CfnOutput(scope, 'CreateWorkspace', {
      description: 'Creates a workspace; prints its id and its API key, once',
      value: `aws lambda invoke --function-name ${create.functionName} --cli-binary-format raw-in-base64-out --payload '{"name":"My workspace"}' /dev/stdout`,
    });
  }
}
