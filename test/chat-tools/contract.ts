/** The answer of a chat tool to a POST. `shown` is false if people see nothing, although the status is a success. */
export type ContractAnswer = { status: number; body: string; shown: boolean };

/** What a chat tool answers to a body, according to its public documentation. */
export type Contract = (body: string) => ContractAnswer;

/** The parsed body; undefined when it is not JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A rejection with a text or an object as its body. */
export const rejected = (status: number, body: string | object): ContractAnswer => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  shown: false,
});

/** A success. */
export const accepted = (status: number, body = ''): ContractAnswer => ({ status, body, shown: true });
