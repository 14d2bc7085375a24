import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** A server's certificate with its key, PEM. */
export type Certificate = { cert: string; key: string };

/** A certificate authority for one test. */
export type Authority = {
  /** A file with its certificate, for NODE_EXTRA_CA_CERTS. */
  file: string;
  /** Its certificate, PEM. */
  cert: string;
  /**
   * A certificate for these names and addresses, signed by this authority and valid from yesterday. `until` is today by
   * default.
   */
  issue: (hosts: string[], until?: Date) => Promise<Certificate>;
  /** A certificate signed by an intermediate authority, and the chain of both certificates. */
  issueByIntermediate: (hosts: string[]) => Promise<Certificate & { chain: string }>;
  remove: () => Promise<void>;
};

const DAY_MS = 24 * 60 * 60 * 1_000;
const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS);

const altName = (host: string) =>
  /^[\d.]+$/.test(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host };

function certificate(name: string, options: Parameters<typeof generate>[1]) {
  return generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: daysFromNow(-2),
    notAfterDate: daysFromNow(2),
    ...options,
  });
}

/** A self-signed certificate. */
export async function selfSigned(host: string): Promise<Certificate> {
  const { cert, private: key } = await certificate(host, {
    extensions: [{ name: 'subjectAltName', altNames: [altName(host)] }],
  });
  return { cert, key };
}

/** What makes a certificate one of an authority. */
const AUTHORITY = {
  extensions: [
    { name: 'basicConstraints' as const, cA: true, critical: true },
    { name: 'keyUsage' as const, keyCertSign: true, cRLSign: true, critical: true },
  ],
};

/** Creates a certificate authority. */
export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-ca-'));
  const file = join(folder, 'ca.pem');
  const { cert, private: key } = await certificate('Test authority', AUTHORITY);
  await writeFile(file, cert);
  const signedBy = async (ca: Certificate, hosts: string[], notAfterDate: Date): Promise<Certificate> => {
    const issued = await certificate(hosts[0] ?? '', {
      ca,
      notAfterDate,
      extensions: [{ name: 'subjectAltName', altNames: hosts.map(altName) }],
    });
    return { cert: issued.cert, key: issued.private };
  };
  return {
    file,
    cert,
    issue: (hosts, until = daysFromNow(1)) => signedBy({ key, cert }, hosts, until),
    issueByIntermediate: async (hosts) => {
      const middle = await certificate('Test intermediate', { ...AUTHORITY, ca: { key, cert } });
      const issued = await signedBy({ key: middle.private, cert: middle.cert }, hosts, daysFromNow(1));
      return { ...issued, chain: `${issued.cert}\n${middle.cert}` };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
