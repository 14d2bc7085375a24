import type { IncomingMessage } from 'node:http';
import type { PostOutcome } from './outcomes.ts';

/** A part of a delivery before its response. Only https has `tls`. */
export type Step = 'dns' | 'connection' | 'tls';

/** Watches the one delivery of a check. Ordinary deliveries have no observer. */
export type Observer = {
  /** A step has ended. A step that starts again at the next address of a host ends again. */
  reached: (step: Step) => void;
  /** The headers of the final response have arrived. The observer may read the body; it must not wait. */
  answered: (response: IncomingMessage) => void;
  /** The delivery has failed with this error. */
  failed: (error: unknown) => void;
  /** The outcome is decided. */
  ended: (outcome: PostOutcome) => void;
};
