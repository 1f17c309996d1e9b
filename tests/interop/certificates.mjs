// Creates certificates for one test with the openssl command.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate authority in a temporary folder, which is removed with the test. */
export class Authority {
  static async make(t) {
    const made = new Authority();
    made.folder = await mkdtemp(join(tmpdir(), 'twinsocket-tls-'));
    t.after(() => rm(made.folder, { recursive: true }));
    made.file = made.path('ca.pem');
    const files = ['-keyout', made.path('ca.key'), '-out', made.file];
    // Python 3.13 and later require the extensions of RFC 5280.
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    openssl('req', '-x509', ...newKey, ...files, '-subj', '/CN=interop authority', '-days', '2', ...usage);
    return made;
  }

  path(name) {
    return join(this.folder, name);
  }

  get pem() {
    return readFileSync(this.file);
  }

  /** Returns the files and PEM texts of a certificate for these names, "DNS:localhost,IP:127.0.0.1" by default. */
  async issue(name, alternatives = 'DNS:localhost,IP:127.0.0.1') {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) => this.path(`${name}.${end}`));
    const identifiers = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';
    await writeFile(extensions, `subjectAltName=${alternatives}\n${identifiers}`);
    openssl('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    const signing = ['-CA', this.file, '-CAkey', this.path('ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', request, '-out', cert, ...signing, '-extfile', extensions);
    return { cert, key, texts: { cert: readFileSync(cert), key: readFileSync(key) } };
  }
}
