import { CREDENTIALS, OWN_HOST, PRIVATE_ADDRESS, PRIVATE_NAME } from '../../deliver/egress.ts';
import { type Advice, type Finding, forError } from './finding.ts';

const refusal = (cause: string, problems: string[], sentence: string): Advice => ({
  cause,
  applies: ({ outcome, problem = PRIVATE_ADDRESS }) =>
    outcome.kind === 'refused' && problems.includes(problem),
  sentence: () => sentence,
});

/** Advice about URLs that the egress rules forbid. Nothing was sent. */
export const REFUSALS: Advice[] = [
  refusal(
    'credentials in the URL',
    [CREDENTIALS],
    'The URL contains a user name or a password, which deliveries never send. Remove them. To protect the receiver, put a secret into the query of the URL or verify the signature.',
  ),
  refusal(
    'own host',
    [OWN_HOST],
    'The URL leads to Clickhook itself. Use the URL of the server that should receive the clicks.',
  ),
  refusal(
    'private address',
    [PRIVATE_ADDRESS, PRIVATE_NAME],
    'The host has a private or reserved address, which deliveries never reach. Use a host whose addresses are all public.',
  ),
  {
    cause: 'another rule',
    applies: ({ outcome }) => outcome.kind === 'refused',
    sentence: ({ problem }) => `Deliveries cannot use this URL: it ${problem}.`,
  },
];

const hostOf = ({ url }: Finding) => url.hostname;
const portOf = ({ url }: Finding) => url.port || (url.protocol === 'https:' ? '443' : '80');

const NAMES: Advice[] = [
  forError(
    'unknown name',
    'dns',
    ['ENOTFOUND', 'ENODATA'],
    (finding) =>
      `The host name ${hostOf(finding)} has no address. Check its spelling, or add a DNS record for it.`,
  ),
  forError(
    'DNS without an answer',
    'dns',
    [],
    (finding) =>
      `The DNS servers of ${hostOf(finding)} did not answer correctly within 2 seconds. Check its DNS records, then try again.`,
  ),
];

const CERTIFICATES: Advice[] = [
  forError(
    'incomplete certificate chain',
    'tls',
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    () =>
      'The server does not send its intermediate certificate. Install the whole certificate chain on the server, often in a file named fullchain.pem. Browsers can hide this problem.',
  ),
  forError(
    'unknown authority',
    'tls',
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_ISSUER_CERT'],
    () =>
      'The certificate comes from an authority that is not publicly trusted, or part of its chain is missing. Install a certificate from a public authority, with its whole chain.',
  ),
  forError(
    'self-signed certificate',
    'tls',
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
    () => 'The certificate is self-signed. Install a certificate from a public authority.',
  ),
  forError(
    'expired certificate',
    'tls',
    ['CERT_HAS_EXPIRED'],
    () => 'The certificate, or one in its chain, has expired. Renew it.',
  ),
  forError(
    'certificate of the future',
    'tls',
    ['CERT_NOT_YET_VALID'],
    () => 'The certificate is not valid yet. Install one that is valid now.',
  ),
  forError(
    'certificate of another name',
    'tls',
    ['ERR_TLS_CERT_ALTNAME_INVALID'],
    (finding) =>
      `The certificate does not name ${hostOf(finding)}. Use the host name in the certificate, or install a certificate for this name.`,
  ),
];

const PROTOCOLS: Advice[] = [
  forError(
    'https where http is expected',
    'tls',
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'],
    (finding) =>
      `The server does not use TLS at port ${portOf(finding)}. Correct the port, or change https:// to http://.`,
  ),
  {
    cause: 'http where https is expected',
    applies: ({ tlsAlert }) => tlsAlert === true,
    sentence: (finding) => `The server expects TLS at port ${portOf(finding)}. Change http:// to https://.`,
  },
  forError(
    'client certificate',
    'tls',
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED'],
    () =>
      'The server requires a client certificate, which deliveries do not have. Turn that off for this URL.',
  ),
  forError(
    'old TLS',
    'tls',
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
    () => 'The server supports only old versions of TLS. Enable TLS 1.2 or TLS 1.3.',
  ),
  forError(
    'another TLS failure',
    'tls',
    [],
    () =>
      'The connection was not secured. The server must support TLS 1.2 or TLS 1.3 and HTTP/1.1, and must not require a client certificate.',
  ),
];

const CONNECTIONS: Advice[] = [
  forError(
    'no server',
    'connect',
    ['ECONNREFUSED'],
    (finding) =>
      `No server accepts connections at port ${portOf(finding)} of ${hostOf(finding)}. Start the server, or correct the port.`,
  ),
  forError(
    'no route',
    'connect',
    ['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
    (finding) => `${hostOf(finding)} cannot be reached. Use a host that has a public IPv4 address.`,
  ),
  forError(
    'large headers',
    'connect',
    ['HPE_HEADER_OVERFLOW'],
    () => 'The response has more than 64 KB of headers. Answer with fewer headers.',
  ),
  {
    cause: 'not HTTP',
    applies: ({ outcome, errorCode = '' }) => outcome.kind === 'failed' && errorCode.startsWith('HPE_'),
    sentence: (finding) =>
      `The server at port ${portOf(finding)} did not answer with valid HTTP. Correct the port, or fix the response of the server.`,
  },
  {
    cause: 'http connection that was closed',
    applies: ({ outcome, url }) =>
      outcome.kind === 'failed' && outcome.reason === 'connect' && url.protocol === 'http:',
    sentence: () =>
      'The server closed the connection without an answer. If it expects TLS, change http:// to https://. Otherwise look in its log.',
  },
  forError(
    'closed connection',
    'connect',
    [],
    () => 'The server closed the connection without an answer. Look in its log.',
  ),
];

const timeout = (cause: string, applies: Advice['applies'], sentence: string): Advice => ({
  cause,
  applies: (finding) =>
    finding.outcome.kind === 'failed' && finding.outcome.reason === 'timeout' && applies(finding),
  sentence: () => sentence,
});

const TIMEOUTS: Advice[] = [
  timeout(
    'slow connection',
    ({ timings }) => timings.connection_ms === null,
    'The server did not accept the connection within 5 seconds. Check that its firewall lets connections from any address through, and that the port is correct.',
  ),
  timeout(
    'slow TLS',
    ({ timings, url }) => url.protocol === 'https:' && timings.tls_ms === null,
    'The server accepted the connection but did not start TLS within 5 seconds. Check the port, and that the server uses TLS there.',
  ),
  timeout(
    'slow response',
    () => true,
    'The server did not answer within 5 seconds. Answer first, for example with 204, and do the work afterwards.',
  ),
];

/** Advice about deliveries that got no response. */
export const FAILURES: Advice[] = [...NAMES, ...CERTIFICATES, ...PROTOCOLS, ...CONNECTIONS, ...TIMEOUTS];
