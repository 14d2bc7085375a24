const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';

/** A CloudFront distribution in front, with a name and a custom domain. */
export const NAMED_CDN = {
  cloudFront: true,
  edgeSecret: 'sixteen-or-more-characters',
  domain: 'links.example.com',
  certificateArn: CERTIFICATE,
  customDomains: 'go.example.com',
};

/** A domain name at the gateway itself. */
export const REGIONAL_DOMAIN = { domain: 'links.example.com', certificateArn: CERTIFICATE };

/** Combinations of options that create different templates. */
export const OPTION_SETS: [string, Record<string, unknown>][] = [
  ['no options', {}],
  [
    'a CDN of somebody else',
    { baseUrl: 'https://links.example.com', edgeSecret: 'sixteen-or-more-characters' },
  ],
  [
    'other numbers',
    {
      clickRateLimit: 5_000,
      clickBurstLimit: 2_500,
      deliverConcurrency: 50,
      redirectConcurrency: 100,
      logRetentionDays: 7,
      clickRetentionDays: 90,
      alarmEmail: 'ops@example.com',
    },
  ],
  ['nothing protected', { deletionProtection: false }],
  ['traces and a log of requests', { tracing: true, accessLog: true }],
  ['a restored table', { tableName: 'clickhook-restored' }],
  ['a restored clicks table', { clicksTableName: 'clicks-restored' }],
  ['a domain', REGIONAL_DOMAIN],
  ['CloudFront without a domain', { cloudFront: true, edgeSecret: 'sixteen-or-more-characters' }],
  ['CloudFront with domains', NAMED_CDN],
  [
    'CloudFront while DNS and its secret change',
    { ...NAMED_CDN, edgeOnly: false, otherEdgeSecret: 'another-of-sixteen-characters' },
  ],
];
