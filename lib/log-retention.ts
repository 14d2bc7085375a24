import { CfnLogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Sets the retention of every log group of a stack, in days. */
export function keepLogs(stack: Construct, days: RetentionDays): void {
  for (const group of stack.node.findAll()) {
    if (group instanceof CfnLogGroup) group.retentionInDays = days;
  }
}
