/** Every line break of Unicode; CR and LF in a row are one. */
export const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * The lines of a text or of a list of texts, blank ones included, so that their numbers are those that people see.
 * An element of a list that holds a line break is several lines; one that a form leaves out is a blank line.
 */
export function lines(value: string | (string | undefined)[]): string[] {
  return [value].flat().flatMap((text = '') => text.split(LINE_BREAK));
}
