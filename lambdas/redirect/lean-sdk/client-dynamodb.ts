import { type ClientOptions, LeanClient } from './client.ts';

/** Stands for the client of @aws-sdk/client-dynamodb in the redirect's bundle. */
export class DynamoDBClient extends LeanClient {
  constructor(options?: ClientOptions) {
    super({ name: 'dynamodb', target: 'DynamoDB_20120810', headers: {} }, options);
  }
}
