import { type ClientOptions, LeanClient } from './client.ts';
import { endpointOf } from './endpoint.ts';

/** Stands for the client of @aws-sdk/client-dynamodb in the redirect's bundle. */
export class DynamoDBClient extends LeanClient {
  constructor(options?: ClientOptions) {
    const service = {
      name: 'dynamodb' as const,
      target: 'DynamoDB_20120810',
      headers: {},
      maxAttempts: 4,
      pauseMs: 25,
      originOf: () => endpointOf('dynamodb'),
    };
    super(service, options);
  }
}
