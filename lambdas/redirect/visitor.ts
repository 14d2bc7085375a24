import Bowser from 'bowser';
import { isbot, isbotMatch } from 'isbot';

/** What a click's User-Agent tells. `browser_name` is null for bots, `bot_name` for people. */
export type Visitor = { platform: string | null; browser_name: string | null; bot_name: string | null };

const SYSTEMS: Record<string, string> = { iOS: 'ios', Android: 'android' };

function platformOf(agent: Bowser.Parser.Parser): string | null {
  return SYSTEMS[agent.getOSName()] ?? agent.getPlatformType() ?? null;
}

/** The product token around the match: `Mozilla/5.0 (compatible; Googlebot/2.1; …)` gives `Googlebot`. */
function botName(userAgent: string): string {
  const match = isbotMatch(userAgent) ?? '';
  const at = userAgent.indexOf(match);
  const before = /[\w.-]*$/.exec(userAgent.slice(0, at))?.[0] ?? '';
  const after = /^[\w.-]*/.exec(userAgent.slice(at))?.[0] ?? '';
  return before + after || match;
}

/** Describes the visitor behind a User-Agent header; everything is null when it is missing. */
export function describeVisitor(userAgent: string | undefined): Visitor {
  if (!userAgent) return { platform: null, browser_name: null, bot_name: null };
  const agent = Bowser.getParser(userAgent);
  const bot = isbot(userAgent);
  const platform = platformOf(agent);
  return {
    platform: platform === 'bot' || platform === '' ? null : platform,
    browser_name: bot ? null : agent.getBrowserName() || null,
    bot_name: bot ? botName(userAgent) : null,
  };
}
