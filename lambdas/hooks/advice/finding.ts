import type { PostOutcome } from '../../deliver/outcomes.ts';

/** How long the parts of a delivery took, in whole milliseconds; null for a part that did not end. */
export type Timings = {
  dns_ms: number | null;
  connection_ms: number | null;
  tls_ms: number | null;
  response_ms: number | null;
};

/** The response to a check, as far as it was read. */
export type Response = {
  /** Where a redirect leads, as a full URL. */
  location?: string | undefined;
  /** The `content-type` header. */
  type: string;
  /** The beginning of the body as text; empty when there is none. */
  body: string;
};

/** All that a check has found out about a webhook. */
export type Finding = {
  url: URL;
  outcome: PostOutcome;
  /** What the egress rules say about the URL. */
  problem?: string | undefined;
  /** The code of the error: of DNS, of the socket, of TLS or of the HTTP parser. */
  errorCode?: string | undefined;
  /** Whether the response began like a TLS alert instead of HTTP. */
  tlsAlert?: boolean;
  timings: Timings;
  response?: Response | undefined;
};

/** A known cause of an outcome, and the sentence that says what to do. */
export type Advice = {
  /** What the cause is, in a few words. */
  cause: string;
  applies: (finding: Finding) => boolean;
  sentence: (finding: Finding) => string;
};

/** The status of the response, 0 when there is none. */
export function statusOf({ outcome }: Finding): number {
  return 'status' in outcome ? (outcome.status ?? 0) : 0;
}

/** Advice for responses with one of these statuses. */
export function forStatus(cause: string, statuses: number[], sentence: string): Advice {
  return {
    cause,
    applies: (finding) => statuses.includes(statusOf(finding)),
    sentence: () => sentence,
  };
}

/** Advice for failures with this reason, and with one of these error codes if there are any. */
export function forError(
  cause: string,
  reason: string,
  codes: string[],
  sentence: Advice['sentence'],
): Advice {
  return {
    cause,
    applies: ({ outcome, errorCode = '' }) =>
      outcome.kind === 'failed' &&
      outcome.reason === reason &&
      (codes.length === 0 || codes.includes(errorCode)),
    sentence,
  };
}
