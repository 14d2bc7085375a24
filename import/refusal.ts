/** A row that is not imported. The message says why, and what to change. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
