import { type ClientOptions, LeanClient } from './client.ts';
import { endpointOf } from './endpoint.ts';

/** Stands for the client of @aws-sdk/client-dynamodb in the redirect's bundle. */
export class DynamoDBClient extends LeanClient {
  /** @throws Error in a region that has no rule, so that the function fails when it starts and not at its first click */
  constructor(options?: ClientOptions) {
    const origin = endpointOf('dynamodb');
    const service = {
      name: 'dynamodb' as const,
      target: 'DynamoDB_20120810',
      headers: {},
      maxAttempts: 4,
      pauseMs: 25,
      originOf: () => origin,
    };
    super(service, options);
  }
}
