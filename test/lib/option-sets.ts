/** Combinations of options that make different templates. */
export const OPTION_SETS: [string, Record<string, unknown>][] = [
  ['no options', {}],
  [
    'a CDN of somebody else',
    { baseUrl: 'https://links.example.com', edgeSecret: 'sixteen-or-more-characters' },
  ],
  [
    'other numbers',
    { deliverConcurrency: 50, redirectConcurrency: 100, logRetentionDays: 7, alarmEmail: 'ops@example.com' },
  ],
  ['nothing protected', { deletionProtection: false, tracing: false }],
];
