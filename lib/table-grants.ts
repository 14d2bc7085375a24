import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ItemGrant } from '../lambdas/api/endpoint.ts';

/**
 * Allows a function the named actions on items of a table. `dynamodb:LeadingKeys` limits them to certain partition
 * keys, so that a function can only touch the entities that it needs.
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
