// Where requests go: the endpoint in the environment, otherwise the regional one of AWS.

/** DNS suffixes of AWS partitions by the beginning of their regions (AWS General Reference, "Service endpoints"). */
const SUFFIXES: [region: RegExp, suffix: string][] = [
  [/^cn-\w+-\d+$/, 'amazonaws.com.cn'],
  [/^us-gov-\w+-\d+$/, 'amazonaws.com'],
  [/^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/, 'amazonaws.com'],
];

/** @throws Error that says what is missing or unknown, as the function's first request would find out otherwise */
export function region(): string {
  const name = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (!name) throw new Error('AWS_REGION is missing');
  return name;
}

/**
 * The origin of a service.
 * @throws Error for a region whose partition has no published rule here: deploy with -c redirectSdk=full
 */
export function endpointOf(service: 'dynamodb'): string {
  const given = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? process.env.AWS_ENDPOINT_URL;
  if (given) return new URL(given).origin;
  const name = region();
  const suffix = SUFFIXES.find(([pattern]) => pattern.test(name))?.[1];
  if (!suffix) {
    throw new Error(
      `The redirect's AWS client doesn't know the region ${name}: deploy with -c redirectSdk=full`,
    );
  }
  return `https://${service}.${name}.${suffix}`;
}
