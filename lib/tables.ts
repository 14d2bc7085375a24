import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { BY_WORKSPACE_INDEX } from '../lambdas/table.ts';
import type { Settings } from './settings.ts';

/** The main table, and the clicks table: the log of clicks, whose entries are also their claims. */
export class Tables extends Construct {
  readonly main: TableV2 | ITableV2;
  readonly clicks: TableV2 | ITableV2;

  constructor(
    scope: Construct,
    settings: Pick<Settings, 'tableName' | 'tableStreamArn' | 'clicksTableName' | 'deletionProtection'>,
  ) {
    super(scope, 'Tables');
    const { tableName, tableStreamArn, clicksTableName, deletionProtection } = settings;
    this.main = tableName
      ? TableV2.fromTableAttributes(this, 'Existing', {
          tableName,
          ...(tableStreamArn ? { tableStreamArn } : {}),
        })
      : this.makeMain(deletionProtection);
    this.clicks = clicksTableName
      ? TableV2.fromTableName(this, 'ExistingClicks', clicksTableName)
      : this.makeClicks(deletionProtection);
  }

  private makeClicks(deletionProtection: boolean): TableV2 {
    return new TableV2(this, 'Clicks', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // Clicks are removed at the end of their retention.
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private makeMain(deletionProtection: boolean): TableV2 {
    return new TableV2(this, 'Main', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // Items in the trash are purged at this time. No other items have this attribute.
      timeToLiveAttribute: 'purge_at',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Tells which links were purged, so that their clicks are deleted too (lib/click-erasure.ts).
      dynamoStream: StreamViewType.OLD_IMAGE,
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      globalSecondaryIndexes: [
        {
          indexName: BY_WORKSPACE_INDEX,
          partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
          sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
    });
  }
}
