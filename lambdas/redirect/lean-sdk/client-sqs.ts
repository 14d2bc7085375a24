import { createHash } from 'node:crypto';
import { type ClientOptions, LeanClient, type SendOptions } from './client.ts';

type Input = { QueueUrl: string; MessageBody: string; MessageGroupId?: string };

/** The errors of SendMessage whose codes in the query protocol are not their names. */
const QUERY_NAMES = {
  'AWS.SimpleQueueService.NonExistentQueue': 'QueueDoesNotExist',
  'AWS.SimpleQueueService.UnsupportedOperation': 'UnsupportedOperation',
  'KMS.AccessDeniedException': 'KmsAccessDenied',
  'KMS.DisabledException': 'KmsDisabled',
  'KMS.InvalidKeyUsageException': 'KmsInvalidKeyUsage',
  'KMS.InvalidStateException': 'KmsInvalidState',
  'KMS.NotFoundException': 'KmsNotFound',
  'KMS.OptInRequired': 'KmsOptInRequired',
  'KMS.ThrottlingException': 'KmsThrottled',
};

/** Stands for the command of @aws-sdk/client-sqs in the redirect's bundle. */
export class SendMessageCommand {
  readonly input: Input;
  constructor(input: Input) {
    this.input = input;
  }
}

/** Stands for the client of @aws-sdk/client-sqs in the redirect's bundle. It sends messages, and nothing else. */
export class SQSClient extends LeanClient {
  constructor(options?: ClientOptions) {
    const service = {
      name: 'sqs' as const,
      target: 'AmazonSQS',
      headers: { 'X-Amzn-Query-Mode': 'true' },
      queryNames: QUERY_NAMES,
      maxAttempts: 3,
      pauseMs: 50,
      // As in the SDK, the URL of a queue says where it is.
      originOf: ({ QueueUrl }: Input) => new URL(QueueUrl).origin,
    };
    super(service, options);
  }

  /** @throws Error when SQS has another message than the one that was sent, and what `call` throws */
  async send({ input }: SendMessageCommand, options?: SendOptions): Promise<any> {
    const { QueueUrl, MessageBody, MessageGroupId } = input;
    const output = await this.call('SendMessage', { QueueUrl, MessageBody, MessageGroupId }, options);
    if (output.MD5OfMessageBody !== createHash('md5').update(MessageBody).digest('hex'))
      throw new Error('InvalidChecksumError');
    return output;
  }
}
