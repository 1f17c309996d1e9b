import assert from 'node:assert/strict';
import { open } from './client.mjs';

/** A client that speaks the protocol of channels in JSON. */
export class ChannelClient {
  static async open(t, url, token) {
    const one = new ChannelClient();
    one.socket = await open(t, `${url}/channels`, 'twinsocket.channels.json');
    one.greeting = await one.ask({ ConnectRequest: { token } });
    return one;
  }
  events = [];
  id = 0;

  /** Sends a request and returns the value of its response. Events that come before are kept. */
  async ask(request) {
    const id = ++this.id;
    this.socket.send(JSON.stringify({ id, request }));
    for (;;) {
      const message = JSON.parse(await this.socket.next());
      if (!message.Response) this.events.push(message);
      else {
        assert.equal(message.Response.id, id);
        return message.Response.value;
      }
    }
  }
  async next() {
    return this.events.shift() ?? JSON.parse(await this.socket.next());
  }
  subscribe(channel, since) {
    return this.ask({ SubscribeRequest: { channel, since } });
  }
}
