import type { Settings } from './settings.ts';

/** Each a combination that can't work, and the sentence that says what to change. */
const CONFLICTS: [when: (settings: Settings) => unknown, sentence: string][] = [
  [
    ({ domain, certificateArn }) => domain && !certificateArn,
    'The context option domain needs certificateArn, the ARN of a certificate for it: see docs/deploy.md',
  ],
  [
    ({ domain, certificateArn }) => certificateArn && !domain,
    'The context option certificateArn needs domain, the host name that it is for',
  ],
  [
    ({ domain, baseUrl }) => domain && baseUrl,
    'The context options domain and baseUrl exclude each other: domain sets the base URL to https:// and itself',
  ],
  [
    ({ cloudFront, baseUrl }) => cloudFront && baseUrl,
    'The context options cloudFront and baseUrl exclude each other: name the default host by domain and certificateArn',
  ],
  [
    ({ cloudFront, edgeSecret }) => cloudFront && !edgeSecret,
    'The context option cloudFront needs edgeSecret, at least 16 characters that CloudFront and the stack alone know (openssl rand -hex 32 makes them)',
  ],
  [
    ({ cloudFront, certificateArn }) =>
      cloudFront && certificateArn && !certificateArn.includes(':acm:us-east-1:'),
    'The context option certificateArn must name a certificate in us-east-1 when cloudFront is true: CloudFront takes no other',
  ],
  [
    ({ customDomains, cloudFront, domain }) => customDomains.length > 0 && !(cloudFront && domain),
    'The context option customDomains needs cloudFront and domain: without CloudFront, each domain is added as docs/domains.md says',
  ],
  [
    ({ edgeOnly, edgeSecret }) => edgeOnly && !edgeSecret,
    'The context option edgeOnly needs edgeSecret: without it nobody could get in',
  ],
  [
    ({ otherEdgeSecret, edgeSecret }) => otherEdgeSecret && !edgeSecret,
    'The context option otherEdgeSecret needs edgeSecret, the one that is sent',
  ],
];

/** What stands against these settings, each of them right by itself; undefined when nothing does. */
export function conflictOf(settings: Settings): string | undefined {
  return CONFLICTS.find(([when]) => when(settings))?.[1];
}
