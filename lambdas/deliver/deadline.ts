import type { Socket } from 'node:net';

/**
 * The time limit of a delivery. At its end, it closes the socket that the delivery uses. It is one timer, because an
 * AbortSignal and the signals derived from it cost a delivery several times as much.
 */
export class Deadline {
  readonly #endsAtMs: number;
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | undefined;
  #isOver = false;

  constructor(ms: number) {
    this.#endsAtMs = performance.now() + ms;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#socket?.destroy();
    }, ms);
  }

  /** Whether the time has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The time left, at least 0. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAtMs - performance.now());
  }

  /** Names the socket that the end of the time closes, instead of an earlier one. Closes it at once if that has passed. */
  closes(socket: Socket): void {
    this.#socket = socket;
    if (this.#isOver) socket.destroy();
  }

  /** Ends the limit, because the delivery is over. Its socket stays open. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
  }
}
