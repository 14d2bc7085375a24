/** The most characters of a response body that a check returns. */
export const SHOWN_CHARACTERS = 500;

/** This many bytes contain 500 characters in every encoding that receivers use. */
export const READ_BYTES = 4 * SHOWN_CHARACTERS;

/** Control characters except tab and line feed, and characters that change the direction of the text around them. */
const UNSAFE = /[[\p{Cc}--[\t\n]]\p{Bidi_Control}\uFEFF]/gv;

function decoderOf(type: string): InstanceType<typeof TextDecoder> {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type) ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/**
 * The first 500 characters of a response body. Line breaks are line feeds, and characters that are not safe to show are
 * U+FFFD. A character that is cut off at the end of the bytes is left out.
 * @param type the `content-type` of the response
 */
export function responseText(bytes: Buffer, type: string): string {
  const text = decoderOf(type).decode(bytes, { stream: true });
  const safe = text.replaceAll('\r\n', '\n').replace(UNSAFE, '\uFFFD');
  return Array.from(safe).slice(0, SHOWN_CHARACTERS).join('');
}
