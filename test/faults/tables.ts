import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startEngine } from '../../local/engines.ts';
import { engineClients, provisionTable } from '../../local/provision.ts';

/** The two tables in their own engine, for a function that runs alone. */
export type Tables = {
  client: DynamoDBDocumentClient;
  /** The variables that direct a function to them. */
  environment: Record<string, string>;
  close: () => Promise<void>;
};

const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });

/** Starts the engine and creates the tables `main` and `clicks`. */
export async function startTables(): Promise<Tables> {
  const engine = await startEngine('dynamodb', { warn: () => undefined });
  const { dynamoDb, sqs } = engineClients(engine.url, 'http://127.0.0.1:9');
  const properties = {
    AttributeDefinitions: [text('pk'), text('sk')],
    KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
  };
  for (const logicalId of ['main', 'clicks'])
    await provisionTable(dynamoDb, { logicalId, properties } as never);
  return {
    client: DynamoDBDocumentClient.from(dynamoDb),
    environment: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: engine.url,
      CLICKHOOK_TABLE_NAME: 'main',
      CLICKHOOK_CLICKS_TABLE_NAME: 'clicks',
      CLICKHOOK_CLICK_RETENTION_DAYS: '400',
      CLICKHOOK_ALLOW_LOOPBACK: '1',
    },
    close: async () => {
      sqs.destroy();
      dynamoDb.destroy();
      await engine.close();
    },
  };
}
