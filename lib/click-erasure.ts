import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/env.ts';
import { sort } from '../lambdas/table.ts';
import { ClickhookFunction } from './function.ts';
import { grantItems } from './table-grants.ts';
import type { Tables } from './tables.ts';

/** DynamoDB itself removed an item of the main table that located a link: the link is purged from the trash. */
const PURGED_LINK = {
  eventName: FilterRule.isEqual('REMOVE'),
  userIdentity: { principalId: FilterRule.isEqual('dynamodb.amazonaws.com') },
  dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('LINK#') }, sk: { S: FilterRule.isEqual(sort.link) } } },
};

/**
 * Deletes the clicks of links that are purged from the trash. DynamoDB purges them by its time to live, where no code of
 * ours runs, so the stream of the main table tells. Lambda reads streams for free, and calls the function only for
 * purged links.
 */
export class ClickErasure extends Construct {
  constructor(scope: Construct, { main, clicks }: Tables) {
    super(scope, 'ClickErasure');
    // An existing table whose stream is not given.
    if (!main.tableStreamArn) return;
    const purge = new ClickhookFunction(this, 'Purge', {
      entry: 'clicks/handlers.ts',
      handler: 'purge',
      description: 'Deletes the clicks of links that were purged from the trash',
      memorySize: 1_769,
      timeout: Duration.minutes(15),
      environment: { [ENV.tableName]: main.tableName, [ENV.clicksTableName]: clicks.tableName },
    });
    grantItems(purge, clicks.tableArn, [
      { actions: ['Query', 'BatchWriteItem'], keys: ['CLICK#*', 'DAYS#*'] },
      { actions: ['UpdateItem'], keys: ['DAYS#*'] },
    ]);
    purge.addEventSource(
      new DynamoEventSource(main as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 1,
        filters: [FilterCriteria.filter(PURGED_LINK)],
      }),
    );
  }
}
