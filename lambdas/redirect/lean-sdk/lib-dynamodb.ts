import { fromAttributes, toAttributes } from './attribute-values.ts';
import type { LeanClient, SendOptions } from './client.ts';

type Input = Record<string, any>;

/** A command of @aws-sdk/lib-dynamodb that the redirect uses. */
abstract class Command {
  abstract readonly operation: string;
  readonly input: Input;
  constructor(input: Input) {
    this.input = input;
  }
}
export class GetCommand extends Command {
  readonly operation = 'GetItem';
}
export class UpdateCommand extends Command {
  readonly operation = 'UpdateItem';
}

/** Commands that the redirect's bundle names, in table.ts, and never sends. */
export const BatchGetCommand = undefined;

/** Members of an input that hold attribute values. */
const VALUES = ['Key', 'ExpressionAttributeValues'] as const;

/** Stands for the document client of @aws-sdk/lib-dynamodb in the redirect's bundle. */
export class DynamoDBDocumentClient {
  private readonly client: LeanClient;

  private constructor(client: LeanClient) {
    this.client = client;
  }

  /** The SDK's options for conversion are fixed here: undefined values are left out. */
  static from(client: LeanClient, _options?: object): DynamoDBDocumentClient {
    return new DynamoDBDocumentClient(client);
  }

  destroy(): void {
    this.client.destroy();
  }

  async send({ operation, input }: Command, options?: SendOptions): Promise<any> {
    const converted = { ...input };
    for (const name of VALUES) if (input[name]) converted[name] = toAttributes(input[name]);
    const { Item, Attributes, ...rest } = await this.client.call(operation, converted, options);
    return {
      ...rest,
      ...(Item ? { Item: fromAttributes(Item) } : {}),
      ...(Attributes ? { Attributes: fromAttributes(Attributes) } : {}),
    };
  }
}
