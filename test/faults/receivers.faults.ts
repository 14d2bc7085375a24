import { afterAll, beforeAll } from '@jest/globals';
import { type Authority, createAuthority } from '../end-to-end/certificates.ts';
import { type DnsServer, startDnsServer } from '../end-to-end/dns-server.ts';
import { GIVEN_UP_MS } from '../given-up.ts';
import { type FaultStack, type Link, startFaultStack } from './fault-stack.ts';
import { fault, seconds } from './fault-table.ts';
import { type FaultyReceiver, startFaultyReceiver } from './faulty-receiver.ts';
import {
  at,
  BEHAVIOURS,
  named,
  REDIRECTS,
  receiverCases,
  setZones,
  startTlsReceivers,
} from './receiver-cases.ts';

/**
 * Faulty receivers, including their names and certificates. All links are clicked at the beginning, so that the cases
 * run in parallel. Each receiver counts its POSTs.
 */
let dns: DnsServer;
let authority: Authority;
let stack: FaultStack;
let receiver: FaultyReceiver;
let elsewhere: FaultyReceiver;
/** When the first link was clicked. No delivery started before. */
let clickedMs: number;
const tls = new Map<string, FaultyReceiver>();
const links = new Map<string, Link>();

beforeAll(async () => {
  [dns, authority] = await Promise.all([startDnsServer(), createAuthority()]);
  setZones(dns);
  for (const [name, one] of await startTlsReceivers(authority)) tls.set(name, one);
  [receiver, elsewhere] = await Promise.all([startFaultyReceiver(), startFaultyReceiver()]);
  stack = await startFaultStack({ CLICKHOOK_DNS_SERVERS: dns.address, NODE_EXTRA_CA_CERTS: authority.file });
  const subscribed = Object.entries(receiverCases({ receiver, elsewhere, tls })).map(async ([name, urls]) =>
    links.set(name, await stack.linkTo(...urls)),
  );
  await Promise.all(subscribed);
  clickedMs = performance.now();
  // One after the other, because a send has 300 ms, and so many at once would take longer on a busy machine.
  for (const { slug } of links.values()) await stack.click(slug);
});

afterAll(async () => {
  await stack?.stop();
  const servers = [receiver, elsewhere, ...tls.values(), dns];
  await Promise.all([...servers.map((one) => one?.close()), authority?.remove()]);
});

function linkOf(name: string): Link {
  const link = links.get(name);
  if (!link) throw new Error(`There is no case ${name}`);
  return link;
}

function posts(path: string, where = receiver): string {
  const { length } = where.to(path);
  return `${length} ${length === 1 ? 'POST' : 'POSTs'}`;
}

async function seen(name: string, path = `/${name}`, where = receiver): Promise<string> {
  const outcomes = await stack.outcomes(linkOf(name));
  return `${outcomes.join(', ')}, ${posts(path, where)}`;
}

/** Faults that end a delivery at once, well before its 5 s. */
const BEFORE_ITS_END = { least: 0, most: 4_900 };

/**
 * An outcome with the time after which the sender gave up. It is good within the limits: at least `leastMs` after the
 * click, and at most `mostMs` after the POST arrived, because the receiver only knows that time.
 */
async function givenUp(name: string, expected: string, { least, most }: { least: number; most: number }) {
  const outcome = await seen(name);
  const afterMs = await receiver.givenUp(`/${name}`);
  const arrivedMs = (receiver.to(`/${name}`)[0]?.atMs ?? 0) - clickedMs;
  const good = outcome === expected && arrivedMs + afterMs >= least && afterMs <= most;
  return { seen: `${outcome}, given up after ${seconds(afterMs)}`, good };
}

fault('200', 'delivered 200, 1 POST', () => seen('ok/plain'));
fault('204', 'delivered 204, 1 POST', () => seen('no-content'));
for (const code of [500, 429, 410]) {
  fault(`${code}`, `failed: status ${code}, 1 POST`, () => seen(`status/${code}`));
}

for (const code of REDIRECTS) {
  fault(
    `${code} to another receiver and to a metadata address`,
    `failed: status ${code}, failed: status ${code}, 2 POSTs, then 0 POSTs`,
    async () => {
      const outcomes = await stack.outcomes(linkOf(`redirect/${code}`), 2);
      return `${outcomes.join(', ')}, ${posts(`/redirect/${code}/`)}, then ${posts('/', elsewhere)}`;
    },
  );
}

fault('accepts and never responds', 'failed: timeout, 1 POST, given up after 5 s (< 9.5 s)', () =>
  givenUp('hang', 'failed: timeout, 1 POST', GIVEN_UP_MS),
);
fault('drips headers', 'failed: timeout, 1 POST, given up after 5 s (< 9.5 s)', () =>
  givenUp('drip', 'failed: timeout, 1 POST', GIVEN_UP_MS),
);
fault('unrequested 100 Continue, then 204', 'delivered 204, 1 POST', () => seen('continue'));
fault('100, 103 Early Hints twice, then 204', 'delivered 204, 1 POST', () => seen('hints'));
fault('endless 100 Continue', 'failed: timeout, 1 POST, given up after 5 s (< 9.5 s)', () =>
  givenUp('only-continue', 'failed: timeout, 1 POST', GIVEN_UP_MS),
);
fault('unrequested 101', 'failed: status 101, 1 POST, given up before its 5 s', () =>
  givenUp('switching-protocols', 'failed: status 101, 1 POST', BEFORE_ITS_END),
);
fault('60 KB of headers', 'delivered 204, 1 POST', () => seen('headers/60'));
fault('80 KB of headers', 'failed: connect, 1 POST, given up before its 5 s', () =>
  givenUp('headers/80', 'failed: connect, 1 POST', BEFORE_ITS_END),
);
fault('bare line feeds', 'delivered 200, 1 POST', () => seen('line-feeds'));
fault('endless body', 'delivered 200, 1 POST, given up before its 5 s', () =>
  givenUp('endless', 'delivered 200, 1 POST', BEFORE_ITS_END),
);
fault('gzip bomb', 'delivered 200, 1 POST', () => seen('bomb'));
fault('reset after the body', 'failed: connect, 1 POST', () => seen('reset'));
fault('connection refused', 'failed: connect', async () => (await stack.outcomes(linkOf('refused'))).join());
fault('NXDOMAIN', 'failed: dns, 0 POSTs', () => seen('missing', '/ok/missing'));

const overTls = (name: string) => seen(name, '/', tls.get(name));
fault('TLS with a certificate of the test authority', 'delivered 200, 1 POST', () => overTls('tls-good'));
fault('TLS, expired', 'failed: tls, 0 POSTs', () => overTls('tls-expired'));
fault('TLS, wrong host', 'failed: tls, 0 POSTs', () => overTls('tls-wrong-host'));
fault('TLS 1.2, requires a client certificate', 'failed: tls, 0 POSTs', () => overTls('tls-1.2-demanding'));
fault('TLS 1.3, requires a client certificate', 'failed: tls, 0 POSTs', () => overTls('tls-1.3-demanding'));
fault('TLS, self-signed', 'failed: tls, 0 POSTs', () => overTls('tls-self-signed'));

fault('public when saved, private when delivered', 'refused, 0 POSTs', () => seen('moved', '/ok/moved'));
fault('public and private addresses mixed', 'refused, 0 POSTs', () => seen('mixed', '/ok/mixed'));
fault(
  'addresses that alternate per look-up',
  'private: refused, 0 POSTs; public: delivered 200, 1 POST',
  async () => {
    const first = await seen('alternating', '/ok/alternating');
    await stack.click(linkOf('alternating').slug);
    const [second] = await stack.outcomes(linkOf('alternating'), 2);
    return `private: ${first}; public: ${second}, ${posts('/ok/alternating')}`;
  },
);

fault(
  'hanging DNS on eight webhooks, and a healthy one',
  'healthy before any name has failed, the others 8 x failed: dns',
  async () => {
    const hanging = Array.from({ length: 8 }, (_, index) =>
      named(receiver, `hanging${index}.example.com`, 'ok/hanging'),
    );
    const link = await stack.linkTo(...hanging, at(receiver, 'ok/beside-hanging'));
    // Each name was looked up once when it was saved. The next time is for the delivery.
    const asked = Promise.all(hanging.map((url) => dns.whenAsked(new URL(url).hostname, 2)));
    await stack.click(link.slug);
    await asked;
    const askedMs = performance.now();
    const [healthy] = await receiver.waitFor('/ok/beside-hanging', 1);
    const tookMs = (healthy?.atMs ?? Number.POSITIVE_INFINITY) - askedMs;
    const failed = (await stack.outcomes(link, 9)).filter((outcome) => outcome === 'failed: dns').length;
    return {
      seen: `healthy ${seconds(Math.max(tookMs, 0))} after the names were asked for, the others ${failed} x failed: dns`,
      // A look-up has 2 s.
      good: tookMs < 1_990 && failed === 8 && receiver.to('/ok/hanging').length === 0,
    };
  },
);

fault(
  'log and metrics of all these deliveries',
  'each logged and counted once, 0 with a path or a query',
  async () => {
    const lines = await stack.lines(/"Webhook \w+"/);
    const logged = lines.reduce((sum, line) => sum + JSON.parse(line.slice(line.indexOf('{'))).deliveries, 0);
    const names = ['PostDelivered', 'PostRefused', 'PostFailed'];
    const countAll = async () => {
      const counts = await Promise.all(names.map((name) => stack.counted(name, 0)));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    // An invocation counts its deliveries when it ends, some time after it has logged them.
    const metric = /"_aws".*"Post(Delivered|Refused|Failed)":/;
    let metrics = (await stack.lines(metric)).length;
    let counted = await countAll();
    while (counted < logged) {
      metrics = (await stack.lines(metric, metrics + 1)).length;
      counted = await countAll();
    }
    const deliver = await stack.lines(/Deliver\w+: /);
    const telling = deliver.filter((line) =>
      /never-in-the-log|\/(ok|hang|status|redirect)|landing/.test(line),
    );
    const each = logged === counted ? 'each logged and counted once' : `${logged} logged, ${counted} counted`;
    return `${each}, ${telling.length} with a path or a query`;
  },
);

fault('all of these clicks, once the stack has stopped', 'no POST more than above', async () => {
  const before = receiver.posts.length;
  await stack.stop();
  const late = receiver.posts.length - before;
  const twice = BEHAVIOURS.filter((name) => receiver.to(`/${name}`).length !== 1);
  return late === 0 && twice.length === 0
    ? 'no POST more than above'
    : `${late} late, again: ${twice.join()}`;
});
