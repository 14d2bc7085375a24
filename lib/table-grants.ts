import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ItemGrant } from '../lambdas/api/endpoint.ts';

/**
 * Lets a function do the named actions on items of a table, bound to partition keys by
 * `dynamodb:LeadingKeys`, so that no function can touch an entity that is not its business.
 * @param resourceArn the table's or its index's ARN
 */
export function grantItems(
  grantee: LambdaFunction & IGrantable,
  resourceArn: string,
  grants: ItemGrant[],
): void {
  for (const { actions, keys } of grants) {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [resourceArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
      }),
    );
  }
}
