import { TwinsocketError } from './errors.js';
import { resolveAddress } from './sockets.js';

// Addresses of WebSockets. The platform's URL parses them; what it takes and a WebSocket cannot have is refused here.

function refuse(what: string, text: string): never {
  // A query may hold a token, and user information a password.
  const shown = text.includes('@') ? '' : ` in ${JSON.stringify(text.slice(0, 200).replace(/\?.*/s, ''))}`;
  throw new TwinsocketError('invalid_url', `not a WebSocket URL: ${what}${shown}`);
}

/**
 * The normal form of an address, with `ws:` or `wss:`, in ASCII. A relative one is taken against the document's base or the
 * worker's own address. Throws `invalid_url`.
 */
export function webSocketAddress(url: string | URL): string {
  const text = String(url);
  const address = resolveAddress(text);
  if (!address) refuse('no URL', text);
  const { protocol, username, password, port } = new URL(address);
  const scheme = /^(ws|http)(s?):$/.exec(protocol);
  if (!scheme) refuse(`the scheme "${protocol.slice(0, -1)}" (supported: ws, wss, http, https)`, text);
  if (username || password) refuse('user information before the host', text);
  // RFC 6455 section 3.
  if (address.includes('#')) refuse('a fragment (#)', text);
  if (port === '0') refuse('the port "0" (allowed: 1 to 65535)', text);
  const [path, ...query] = address.slice(protocol.length).split('?');
  // Node encodes ^ in a path only from version 22 on.
  return [`ws${scheme[2]}:${(path as string).replaceAll('^', '%5E')}`, ...query].join('?');
}

/** The host of a normal address; "" where it is none. */
export function hostOf(address: string): string {
  return address && new URL(address).hostname;
}
