import { afterAll, beforeAll } from '@jest/globals';
import { clickItems } from '../end-to-end/click-items.ts';
import { type DnsServer, startDnsServer } from '../end-to-end/dns-server.ts';
import { type Engines, startEngines } from './engines.ts';
import { type FaultStack, startFaultStack } from './fault-stack.ts';
import { fault } from './fault-table.ts';
import { type FaultyReceiver, startFaultyReceiver } from './faulty-receiver.ts';

/**
 * Kills the consumer (SIGKILL) with three clicks: one not claimed yet, one claimed but not delivered, and one delivered
 * without a response. The queue passes them all to the next consumer.
 */
let engines: Engines;
let dns: DnsServer;
let receiver: FaultyReceiver;
let stack: FaultStack;
/** The POSTs of the unclaimed click, before its consumer was killed. */
let unclaimedPosts: number;
/** The ids of the links that were clicked, each once. */
let links: number[];

const NAME = 'late.example.com';
const posts = (path: string) => receiver.to(path).length;

/** Resolves when a claim has reached the engine's proxy, which never passes it on. */
function holdClaims(): Promise<void> {
  return new Promise((resolve) => {
    engines.dynamoDb.decide(({ name, input }) => {
      if (name !== 'PutItem' || !String(input.TableName).includes('Clicks')) return 'pass';
      resolve();
      return 'hang';
    });
  });
}

async function start(): Promise<FaultStack> {
  return startFaultStack({ ...engines.environment, CLICKHOOK_DNS_SERVERS: dns.address });
}

beforeAll(async () => {
  [engines, dns, receiver] = await Promise.all([startEngines(), startDnsServer(), startFaultyReceiver()]);
  dns.zones.set(NAME, 'hang');
  const first = await start();
  const local = `http://127.0.0.1:${receiver.port}`;
  const claimed = await first.linkTo(`http://${NAME}:${receiver.port}/no-content/claimed`);
  const posted = await first.linkTo(`${local}/hang/posted`);
  const unclaimed = await first.linkTo(`${local}/no-content/unclaimed`);
  links = [claimed, posted, unclaimed].map(({ id }) => id);
  // One look-up when the webhook was saved, and one for the delivery. By then deliver must have claimed the click.
  await Promise.all([first.click(posted.slug), receiver.waitFor('/hang/posted', 1)]);
  await Promise.all([first.click(claimed.slug), dns.whenAsked(NAME, 2)]);
  await Promise.all([holdClaims(), first.click(unclaimed.slug)]);
  await first.stop('SIGKILL');
  unclaimedPosts = posts('/no-content/unclaimed');
  engines.dynamoDb.decide(() => 'pass');
  dns.zones.set(NAME, ['127.0.0.1']);
  stack = await start();
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([receiver?.close(), dns?.close()]);
  await engines?.close();
});

fault('killed before the claim', '0 POSTs, then 1 POST by the next consumer', async () => {
  await receiver.waitFor('/no-content/unclaimed', 1);
  return `${unclaimedPosts} POSTs, then ${posts('/no-content/unclaimed')} POST by the next consumer`;
});

fault('killed after the claim', '0 POSTs, a duplicate to the next consumer', async () => {
  await stack.counted('ClickDuplicate', 2);
  return `${posts('/no-content/claimed')} POSTs, a duplicate to the next consumer`;
});

fault('killed after the POST', '1 POST, a duplicate to the next consumer', async () => {
  const duplicates = await stack.counted('ClickDuplicate', 2);
  await stack.stop();
  const left = await engines.queued();
  const what = duplicates === 2 && left === 0 ? 'a duplicate' : `${duplicates} duplicates, ${left} queued`;
  return `${posts('/hang/posted')} POST, ${what} to the next consumer`;
});

fault('the click log after the kill', '3 clicks of 3 links', async () => {
  const items = await clickItems(engines.dynamoDb.url);
  const logged = items.filter(({ pk, link_id }) => pk.startsWith('CLICK#') && links.includes(link_id));
  return `${logged.length} clicks of ${new Set(logged.map(({ link_id }) => link_id)).size} links`;
});
