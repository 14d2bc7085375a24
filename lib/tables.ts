import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { BY_WORKSPACE_INDEX } from '../lambdas/core/table.ts';

/** The main table, for what lasts, and the table of claims, for what proves "at most once" for a day. */
export class Tables extends Construct {
  readonly main: TableV2;
  readonly claims: TableV2;

  /** @param deletionProtection whether the main table can't be deleted and stays when the stack goes */
  constructor(scope: Construct, deletionProtection: boolean) {
    super(scope, 'Tables');
    this.main = new TableV2(this, 'Main', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // What is in the trash is purged after its time; nothing else has this attribute.
      timeToLiveAttribute: 'purge_at',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
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
    this.claims = new TableV2(this, 'Claims', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
