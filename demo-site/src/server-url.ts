/** The server of the page's own origin, or undefined for a page that was opened from a file. */
export function sameOriginServer(page: Location): string | undefined {
  if (!page.host) return undefined;
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}`;
}

/**
 * Parses what the user typed as the base URL of a server. Accepts `host:port`, `ws://...` and `http://...`. Throws an error
 * with a text for the user.
 */
export function parseServer(text: string, page: Location): string {
  const trimmed = text.trim();
  if (!trimmed) throw new Error('The address is empty.');
  const secure = page.protocol === 'https:';
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `${secure ? 'wss' : 'ws'}://${trimmed}`;
  let url: URL;
  try {
    url = new URL(full);
  } catch {
    throw new Error(`"${trimmed}" is not a server address such as ws://127.0.0.1:8080.`);
  }
  const scheme = { 'ws:': 'ws', 'http:': 'ws', 'wss:': 'wss', 'https:': 'wss' }[url.protocol];
  if (!scheme) throw new Error(`A server address begins with ws:// or wss://, not ${url.protocol}//.`);
  if (url.username || url.password) throw new Error('An address with a user name or password is not allowed.');
  return `${scheme}://${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

/** The query parameter `server` of a page that uses the server in the page. */
export const inPage = 'in-page';

/** The query parameter `server` of the page, if any. */
export function serverFromQuery(page: Location): string | undefined {
  return new URLSearchParams(page.search).get('server') ?? undefined;
}

/** Puts the server into the page's URL, so that the page can be reloaded, bookmarked and shared. */
export function storeServerInUrl(server: string): void {
  const url = new URL(location.href);
  if (server === sameOriginServer(location)) url.searchParams.delete('server');
  else url.searchParams.set('server', server);
  // For readability. Colons and slashes need no escape in a query.
  url.search = url.search.replaceAll('%3A', ':').replaceAll('%2F', '/');
  history.replaceState(null, '', url);
}
