import { TwinsocketError } from './errors.js';
import { normalizeUrl } from './sockets.js';

// WebSocket URLs. The platform's URL parser parses them. This file rejects the valid URLs that a WebSocket cannot have.

function refuse(what: string, text: string): never {
  // The error shows neither the query nor user information, because they may contain a token or a password.
  const shown = text.includes('@') ? '' : ` in ${JSON.stringify(text.slice(0, 200).replace(/\?.*/s, ''))}`;
  throw new TwinsocketError('invalid_url', `not a WebSocket URL: ${what}${shown}`);
}

/**
 * Normalizes a URL to ASCII with the scheme `ws:` or `wss:`. A relative URL is resolved against the document's base or the
 * worker's own URL. Throws `invalid_url`.
 */
export function normalizeWebSocketUrl(url: string | URL): string {
  const text = String(url);
  const address = normalizeUrl(text);
  if (!address) refuse('no URL', text);
  const { protocol, username, password, port } = new URL(address);
  const scheme = /^(ws|http)(s?):$/.exec(protocol);
  if (!scheme) refuse(`the scheme "${protocol.slice(0, -1)}" (supported: ws, wss, http, https)`, text);
  if (username || password) refuse('user information before the host', text);
  // RFC 6455 section 3.
  if (address.includes('#')) refuse('a fragment (#)', text);
  if (port === '0') refuse('the port "0" (allowed: 1 to 65535)', text);
  const [path, ...query] = address.slice(protocol.length).split('?');
  // Node before version 22 does not encode ^ in a path.
  return [`ws${scheme[2]}:${(path as string).replaceAll('^', '%5E')}`, ...query].join('?');
}

/** The host of a normalized URL. "" for "". */
export function hostOf(address: string): string {
  return address && new URL(address).hostname;
}
