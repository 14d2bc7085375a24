// How much fits into one answer. Stores need it as well as the API, because a page of a list ends where an answer is full.

/** Most bytes of the parts of a list in one answer. Lambda's limit is 6 MB: there is room for all that surrounds them. */
export const MAX_SENT_BYTES = 4.5 * 1024 * 1024;

/**
 * Bytes of a text in the body of an answer, as Lambda counts them. It counts the JSON of the whole answer, in which
 * the body is a string: quotes, backslashes and control characters of the body are escaped once more.
 */
export function sentBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - '""'.length;
}

/**
 * How many parts of a list fit into one answer, from the first on: at least one, because no part is that large.
 * @param sizes what `sentBytes` gives for each part, without its separator
 */
export function fittingParts(sizes: number[]): number {
  let bytes = 0;
  const end = sizes.findIndex((size) => {
    bytes += size + ','.length;
    return bytes > MAX_SENT_BYTES;
  });
  return end === -1 ? sizes.length : Math.max(end, 1);
}

/**
 * Cuts a list into pages of at most so many parts, each of which fits into one answer.
 * @returns where each page starts
 */
export function pageStarts(sizes: number[], pageSize: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start < sizes.length; ) {
    starts.push(start);
    start += fittingParts(sizes.slice(start, start + pageSize));
  }
  return starts;
}
