/** How the server reaches a Clickhook, and what it may do there. */
export type Settings = {
  /** The origin, without a trailing slash: `https://go.example.com`. */
  baseUrl: string;
  key: string;
  readOnly: boolean;
};

/** A setting that its owner has to change. Its message is for people. */
export class SettingsError extends Error {}

const FLAGS: Record<string, boolean> = { '': false, 0: false, false: false, 1: true, true: true };

/** People also paste the address of the dashboard or of the API. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new SettingsError(
      `CLICKHOOK_BASE_URL is not a URL: "${text}". Enter a full URL, such as https://go.example.com.`,
    );
  return url.origin;
}

/**
 * Reads CLICKHOOK_BASE_URL, CLICKHOOK_API_KEY and CLICKHOOK_READ_ONLY.
 * @throws SettingsError that says which variable to set
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const baseUrl = env.CLICKHOOK_BASE_URL?.trim();
  if (!baseUrl)
    throw new SettingsError(
      'CLICKHOOK_BASE_URL is missing. Set it to the address of your Clickhook, such as https://go.example.com.',
    );
  const key = env.CLICKHOOK_API_KEY?.trim();
  if (!key) throw new SettingsError('CLICKHOOK_API_KEY is missing. Set it to an API key of your workspace.');
  const flag = env.CLICKHOOK_READ_ONLY?.trim().toLowerCase() ?? '';
  const readOnly = FLAGS[flag];
  // A mistyped value must not allow changes.
  if (readOnly === undefined)
    throw new SettingsError(`CLICKHOOK_READ_ONLY is "${flag}". Set it to 1 to allow reading only, or to 0.`);
  return { baseUrl: originOf(baseUrl), key, readOnly };
}
