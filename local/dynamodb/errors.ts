import type { ApiError, Item } from 'dynalite/db/index.js';

/** Why one operation of a transaction cancels it; `None` when it does not. */
export type CancellationReason = { Code: string; Message?: string; Item?: Item };

/** The reason of an operation that does not cancel its transaction. */
export const NONE: CancellationReason = { Code: 'None' };

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810';

/** An error with DynamoDB's own words, thrown as dynalite throws its errors. */
export function apiError(type: string, message: string, statusCode = 400): ApiError {
  const body = { __type: `${NAMESPACE}#${type}`, message };
  return Object.assign(new Error(message), { statusCode, body });
}

/** The error of a cancelled transaction. It lists one reason for each operation, in the order of the request. */
export function transactionCanceled(reasons: CancellationReason[]): ApiError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const error = apiError('TransactionCanceledException', message);
  // Of all DynamoDB errors, only this one writes `Message` with a capital.
  error.body = { __type: error.body.__type, CancellationReasons: reasons, Message: message };
  return error;
}

/** Whether the error is a response for the client, and not a fault of the engine. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}
