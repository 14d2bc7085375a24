import { type ClientOptions, LeanClient } from './client.ts';
import { endpointOf } from './endpoint.ts';

/** Stands for the client of @aws-sdk/client-dynamodb in the redirect's bundle. */
export class DynamoDBClient extends LeanClient {
  constructor(options?: ClientOptions) {
    const originOf = () => endpointOf('dynamodb');
    super({ name: 'dynamodb', target: 'DynamoDB_20120810', headers: {}, originOf }, options);
  }
}
