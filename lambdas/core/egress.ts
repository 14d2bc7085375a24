import { BlockList, isIP } from 'node:net';
import { ENV } from './env.ts';

// Special-purpose ranges that a delivery may never reach (IANA special-purpose registries, and
// 168.63.129.16, a cloud's platform address). IPv6 is the other way round: only global unicast
// (2000::/3) is open, and not all of that.
const BLOCKED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const OPEN_IPV6 = ['2000::/3'];
const BLOCKED_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

function ranges(cidrs: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

const blockedIpv4 = ranges(BLOCKED_IPV4, 'ipv4');
const openIpv6 = ranges(OPEN_IPV6, 'ipv6');
const blockedIpv6 = ranges(BLOCKED_IPV6, 'ipv6');
const loopbackIpv4 = ranges(['127.0.0.0/8'], 'ipv4');

/** Whether the local stack's switch lets deliveries reach this machine itself. */
export function loopbackAllowed(): boolean {
  return process.env[ENV.allowLoopback] === '1';
}

/** Whether a delivery may connect to this address (IPv4 or IPv6, without brackets). */
export function isAllowedAddress(address: string, allowLoopback = loopbackAllowed()): boolean {
  const family = isIP(address);
  if (family === 4) {
    return !blockedIpv4.check(address, 'ipv4') || (allowLoopback && loopbackIpv4.check(address, 'ipv4'));
  }
  if (family === 6) {
    if (allowLoopback && address === '::1') return true;
    return openIpv6.check(address, 'ipv6') && !blockedIpv6.check(address, 'ipv6');
  }
  return false;
}

const PRIVATE_SUFFIX = /(^|\.)(localhost|local|internal)$/;
const LOOPBACK_NAME = /(^|\.)localhost$/;

/** Whether a name is `localhost` or below it; one trailing dot does not matter. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK_NAME.test(hostname.replace(/\.$/, ''));
}

function hostProblem(hostname: string, allowLoopback: boolean): string | undefined {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(literal)) {
    return isAllowedAddress(literal, allowLoopback)
      ? undefined
      : 'must not lead to a private or reserved address';
  }
  const name = hostname.replace(/\.$/, '');
  if (allowLoopback && isLoopbackName(name)) return undefined;
  if (PRIVATE_SUFFIX.test(name)) return 'must not lead to this machine or a private network';
  if (!name.includes('.')) return 'must name a full host, such as hooks.example.com';
  if (name.split('.').some((label) => label === '' || label.length > 63))
    return 'has a host that is not a valid name';
  return undefined;
}

/** Most characters of a webhook URL. */
export const MAX_HOOK_URL_LENGTH = 2_048;

/** A webhook URL in its normalised form, or the sentence that says what is wrong with it. */
export type CheckedUrl = { href: string; url: URL; problem?: never } | { problem: string };

/**
 * Checks a webhook URL, without any look-up: scheme, credentials, port and host. It runs when a
 * hook is saved and again when it is posted to; the address is checked once more at the connection.
 * @param ownHosts hosts (`name[:port]`) of the stack itself, which no webhook may reach
 */
export function checkHookUrl(
  text: unknown,
  { allowLoopback = loopbackAllowed(), ownHosts = [] as string[] } = {},
): CheckedUrl {
  if (typeof text !== 'string' || text.trim() === '')
    return { problem: 'must be a text: the URL that gets the clicks' };
  if (text.length > MAX_HOOK_URL_LENGTH)
    return { problem: `must be at most ${MAX_HOOK_URL_LENGTH} characters long` };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return { problem: 'must be a full URL, such as https://example.com/hook' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: 'must start with https:// or http://' };
  if (url.username || url.password) return { problem: 'must not hold a user name or a password' };
  if (url.port === '0') return { problem: 'must not use port 0' };
  if (url.href.length > MAX_HOOK_URL_LENGTH)
    return { problem: `must be at most ${MAX_HOOK_URL_LENGTH} characters long` };
  const problem = hostProblem(url.hostname, allowLoopback);
  if (problem) return { problem };
  if (ownHosts.includes(url.host) && !allowLoopback) return { problem: 'must not lead back to this service' };
  return { href: url.href, url };
}
