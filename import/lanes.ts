/** Runs so many tasks at once. Whoever starts one more waits for a free lane, so that nothing piles up. */
export class Lanes {
  readonly #width: number;
  readonly #busy = new Set<Promise<void>>();
  #error: unknown;

  constructor(width: number) {
    this.#width = width;
  }

  /** Starts a task when there is room. @throws what an earlier task threw */
  async start(task: () => Promise<void>): Promise<void> {
    while (this.#busy.size >= this.#width) await Promise.race(this.#busy);
    this.#throwError();
    const running = task()
      .catch((error: unknown) => {
        this.#error ??= error;
      })
      .finally(() => this.#busy.delete(running));
    this.#busy.add(running);
  }

  /** Waits until nothing runs. @throws what a task threw */
  async idle(): Promise<void> {
    await Promise.all(this.#busy);
    this.#throwError();
  }

  #throwError(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
