import { Validations } from 'aws-cdk-lib';
import type { ClickQueue } from './click-queue.ts';
import type { HttpEntry } from './http-api.ts';
import type { PublicAddress } from './public-address.ts';
import type { Tables } from './tables.ts';

type Acknowledged = { tables: Tables; clicks: ClickQueue; http: HttpEntry; address: PublicAddress };

/** The findings of cdk-nag's AwsSolutions pack that are decisions, each with its reason. */
export function acknowledgeFindings({ tables, clicks, http, address }: Acknowledged): void {
  Validations.of(clicks.queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'No dead-letter queue: the product promises that a webhook is posted at most once and never retried.',
  });
  Validations.of(tables.claims).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: 'Claims are worth nothing after a day: a backup of them could only bring dead ones back.',
  });
  Validations.of(http).acknowledge(
    {
      id: 'AwsSolutions-APIG1',
      reason:
        'A line for each request costs 0.10 USD of a million clicks, and names neither visitor nor link. The option accessLog turns it on.',
    },
    {
      id: 'AwsSolutions-APIG4',
      reason:
        'Short links are public; management routes check their API key in the function, in every form clients use.',
    },
  );
  Validations.of(address).acknowledge(
    {
      id: 'AwsSolutions-CFR1',
      reason: 'Short links are opened wherever the people are who got them.',
    },
    {
      id: 'AwsSolutions-CFR2',
      reason:
        'Nothing is behind it that a firewall knows better than the functions, which check every input; whoever wants one associates a web ACL.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        'Logs of CloudFront hold addresses and query strings of visitors, which never leave the redirect.',
    },
    {
      id: 'AwsSolutions-CFR4',
      reason:
        'Without a domain the certificate is CloudFront’s own, whose versions of TLS nobody can choose.',
    },
  );
}
