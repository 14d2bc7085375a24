import { Validations } from 'aws-cdk-lib';
import type { ClickQueue } from './click-queue.ts';
import type { HttpEntry } from './http-api.ts';
import type { PublicAddress } from './public-address.ts';

type Acknowledged = { clicks: ClickQueue; http: HttpEntry; address: PublicAddress };

/** The findings of cdk-nag's AwsSolutions pack that are deliberate decisions, each with its reason. */
export function acknowledgeFindings({ clicks, http, address }: Acknowledged): void {
  Validations.of(clicks.queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'No dead-letter queue: the product promises that a click is delivered at most once to each webhook and never retried.',
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
      reason: 'People open short links in every country.',
    },
    {
      id: 'AwsSolutions-CFR2',
      reason:
        'The functions check every input themselves. Operators who want a firewall can associate a web ACL.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        'CloudFront logs contain the addresses and query strings of visitors, which must not leave the redirect.',
    },
    {
      id: 'AwsSolutions-CFR4',
      reason: 'Without a domain the certificate is CloudFront’s own, and its TLS versions cannot be chosen.',
    },
  );
}
