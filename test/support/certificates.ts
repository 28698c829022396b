import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of one certificate. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

/** A small PKI of one's own: an authority, a server's and a client's certificate, and an authority that nobody trusts. */
export interface Pki {
  ca: CertificateFiles;
  server: CertificateFiles;
  client: CertificateFiles;
  stranger: CertificateFiles;
}

const authority = async (directory: string, name: string): Promise<CertificateFiles> => {
  const files = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', [
    'req',
    '-x509',
    ...curve,
    '-keyout',
    files.key,
    '-out',
    files.cert,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ]);
  return files;
};

const signed = async (
  directory: string,
  { ca, name, altName }: { ca: CertificateFiles; name: string; altName: string },
): Promise<CertificateFiles> => {
  const files = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const by = ['-CA', ca.cert, '-CAkey', ca.key, '-addext', `subjectAltName=${altName}`];
  const usage = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  const out = ['-keyout', files.key, '-out', files.cert, '-days', '2', '-subj', `/CN=${name}`];
  await run('openssl', ['req', '-x509', ...curve, ...by, ...usage, ...out]);
  return files;
};

/** Makes it with openssl, in this directory; the server is called `temporal.example.org`, wherever it listens. */
export const makePki = async (directory: string): Promise<Pki> => {
  const ca = await authority(directory, 'ca');
  const [server, client, stranger] = await Promise.all([
    signed(directory, { ca, name: 'server', altName: 'DNS:temporal.example.org' }),
    signed(directory, { ca, name: 'client', altName: 'DNS:operator.example.org' }),
    authority(directory, 'stranger'),
  ]);
  return { ca, server, client, stranger };
};

/** The bytes of a certificate and its key. */
export const readCertificate = ({ cert, key }: CertificateFiles): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
});
