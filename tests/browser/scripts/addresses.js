// Compares how the browser's URL parses addresses with what the package passes to WebSocket. Returns all differences.

class Refusing {
  constructor(url) {
    throw new Error(`requested ${url}`);
  }
}

export async function addresses({ rows, refused, others }) {
  const { connect } = await import('/twinsocket/browser.js');
  const wrong = [];
  const expect = (what, found, expected) => {
    if (found !== expected) wrong.push({ what, found, expected });
  };
  const requestedUrl = async (address) => {
    const error = await connect(address, { webSocket: Refusing }).catch((reason) => reason);
    return error.code === 'connect_failed' ? /requested (.*)/.exec(error.message)[1] : error.code;
  };
  const byBrowser = (address, base) => {
    try {
      const url = new URL(address, base);
      url.protocol = url.protocol.replace('http', 'ws');
      return url.href;
    } catch {
      return 'invalid_url';
    }
  };

  for (const { address, base, url } of rows) {
    const element = document.createElement('base');
    element.href = base ?? '';
    if (base) document.head.append(element);
    expect(`URL: ${address} at ${base}`, byBrowser(address, base), url);
    expect(`connect: ${address} at ${base}`, await requestedUrl(address), url);
    element.remove();
  }
  for (const address of refused) {
    // Chromium accepts some hosts that the URL standard refuses.
    if (byBrowser(address) === 'invalid_url') expect(`connect: ${address}`, await requestedUrl(address), 'invalid_url');
  }
  for (const address of others) expect(`connect: ${address}`, await requestedUrl(address), 'invalid_url');
  return wrong;
}
