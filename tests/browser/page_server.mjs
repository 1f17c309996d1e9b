// A web server for test pages, with the content security policy that the README recommends.

import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; base-uri 'none'; frame-ancestors 'self'";
/** The pages with another policy: /based may set a base URL, /strict allows no WebAssembly. */
const policies = {
  '/based': policy.replace("base-uri 'none'", 'base-uri *'),
  '/strict': policy.replace(" 'wasm-unsafe-eval'", ''),
};
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** Serves a page with these script tags at /, and the files of `folders` by the first segment of their path. */
export async function startPageHost(scripts, folders) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://host').pathname);
    const headers = { 'content-security-policy': policies[path] ?? policy };
    if (path === '/' || path in policies) {
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html>${scripts}`);
      return;
    }
    const [, folder, ...rest] = path.split('/');
    const file = join(folders[folder] ?? '/nowhere', ...rest);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...headers, 'content-type': types[extname(file)] });
    createReadStream(file).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
