import type { CloseInfo } from 'demo-messages';

/** Names of the close codes of RFC 6455 section 7.4.1 and of the IANA registry. */
const names: Readonly<Record<number, string>> = {
  1000: 'normal',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no code given',
  1006: 'connection lost',
  1007: 'invalid payload',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension needed',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS failed',
};

const initiators = { local: 'by this page', remote: 'by the server', none: '' } as const;

/** One line such as `closed 1001 going away, by the server: the server stops`. */
export function describeClose(info: CloseInfo): string {
  return `closed ${describeCloseCode(info)}`;
}

/** The same without "closed". */
export function describeCloseCode(info: CloseInfo): string {
  const name = names[info.code] ?? (info.code >= 3000 ? 'application code' : 'unassigned code');
  const by = initiators[info.initiator] ? `, ${initiators[info.initiator]}` : '';
  return `${info.code} ${name}${by}${info.reason ? `: ${info.reason}` : ''}`;
}

/** True if the close code means no error. */
export function isNormalClose(info: CloseInfo): boolean {
  return info.code === 1000 || info.code === 1001 || info.code === 1005 || info.code >= 3000;
}
