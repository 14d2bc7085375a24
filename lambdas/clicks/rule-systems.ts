/**
 * Operating systems that a rule for platforms can name beside the platforms; `ios` and `android` are platforms. It is
 * apart from the rest of the vocabulary, which the redirect has no need for.
 */
export const RULE_SYSTEMS = ['windows', 'macos', 'linux', 'chromeos'] as const;
