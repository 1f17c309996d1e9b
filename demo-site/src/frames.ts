import type { Message } from 'demo-messages';
import './style/frames.css';
import { chosen, find, make, onChosen, setText } from './dom.js';
import { errorText } from './format.js';
import type { Direction } from './frames-details.js';
import { type FrameDescription, type FrameField, Frames } from './frames-module.js';

/** Bytes of a message whose frames are drawn. */
const maxPayload = 16 * 1024;

/** Bytes of a field, and frames, that are shown. */
const shownBytes = 48;
const shownFrames = 8;

/** Bits of a header that share a byte. */
const bitsOfByte = 8;

/** A raw DEFLATE stream as permessage-deflate sends it: after the final block an empty stored one begins (RFC 7692, 7.2.3.4). */
async function deflate(payload: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([payload]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer());
  const whole = new Uint8Array(compressed.length + 1);
  whole.set(compressed);
  return whole;
}

/** The section that draws the frames of the last messages of the echo, and its opening handshake. */
export class FramesSection {
  readonly #place = find('#frames-drawn', HTMLElement);
  readonly #error = find('#frames-error', HTMLElement);
  readonly #handshake = find('#frames-handshake', HTMLElement);
  readonly #frames: Frames;
  readonly #lastMessage: (direction: Direction) => Message | undefined;
  #drawing = 0;

  private constructor(frames: Frames, lastMessage: (direction: Direction) => Message | undefined) {
    this.#frames = frames;
    this.#lastMessage = lastMessage;
    this.#showHandshake();
    for (const name of ['frames-direction', 'frames-fragments', 'frames-compressed'])
      onChosen(name, () => void this.draw());
  }

  /** `lastMessage` tells the last message of a direction, if any. */
  static async load(lastMessage: (direction: Direction) => Message | undefined): Promise<FramesSection> {
    return new FramesSection(await Frames.load(), lastMessage);
  }

  /** Draws the frames of the last message. An error is shown. */
  async draw(): Promise<void> {
    this.#drawing += 1;
    const own = this.#drawing;
    try {
      const direction = chosen('frames-direction') as Direction;
      const message = this.#lastMessage(direction) ?? 'Hello';
      const isCompressed = chosen('frames-compressed') === 'yes';
      const plain = typeof message === 'string' ? new TextEncoder().encode(message) : Uint8Array.from(message);
      if (plain.length > maxPayload) throw new Error(`Messages of up to ${maxPayload / 1024} KiB are drawn.`);
      const payload = isCompressed ? await deflate(plain) : plain;
      if (own !== this.#drawing) return;
      const described = this.#frames.describe(payload, {
        isText: typeof message === 'string',
        isClient: direction === 'sent',
        fragmentSize: Number(chosen('frames-fragments')),
        isCompressed,
      });
      this.#show(described);
      setText(this.#error, '');
    } catch (error) {
      if (own === this.#drawing) setText(this.#error, errorText(error));
    }
  }

  #show(described: FrameDescription[]): void {
    const shown = described.slice(0, shownFrames).map((frame, i) => drawFrame(frame, i, described.length));
    if (described.length > shownFrames)
      shown.push(make('p', 'note', `${described.length - shownFrames} more fragments are not shown.`));
    this.#place.replaceChildren(...shown);
  }

  #showHandshake(): void {
    const { key, accept } = this.#frames.handshakeKeys();
    const request = [
      'GET /echo HTTP/1.1',
      `Host: ${location.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
    ];
    const response = [
      'HTTP/1.1 101 Switching Protocols',
      'Connection: Upgrade',
      'Upgrade: websocket',
      `Sec-WebSocket-Accept: ${accept}`,
    ];
    setText(this.#handshake, `${request.join('\n')}\n\n${response.join('\n')}`);
  }
}

/** The first bytes of hexadecimal digits. */
function shorten(hex: string): string {
  const all = hex.split(' ');
  return all.length > shownBytes ? `${all.slice(0, shownBytes).join(' ')} \u2026` : hex;
}

function drawFrame({ bytes, fields }: FrameDescription, index: number, count: number): HTMLElement {
  const size = bytes.split(' ').length;
  const title = count === 1 ? `One frame of ${size} bytes` : `Fragment ${index + 1} of ${count}, ${size} bytes`;
  const head = make(
    'thead',
    '',
    make('tr', '', headCell('Bits', 'number'), ...['Field', 'Value', 'Meaning'].map((text) => headCell(text))),
  );
  const table = make('table', '', make('caption', '', title), head, make('tbody', '', ...fields.map(drawField)));
  const scroll = make('div', 'scroll frame-fields', table);
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', title);
  return make('div', 'frame', drawBar(fields), scroll);
}

function headCell(text: string, className = ''): HTMLElement {
  const cell = make('th', className, text);
  cell.scope = 'col';
  return cell;
}

function drawField(field: FrameField, index: number): HTMLElement {
  const last = field.first_bit + field.bits - 1;
  const bits = field.bits === 1 ? `${field.first_bit}` : `${field.first_bit}\u2013${last}`;
  const name = make('th', '', make('span', `field-mark field-${index % 8}`), field.name);
  name.scope = 'row';
  return make(
    'tr',
    '',
    make('td', 'number', bits),
    name,
    make('td', 'mono', shorten(field.value)),
    make('td', '', shorten(field.meaning)),
  );
}

/** The fields side by side. The header is drawn to scale, bit by bit; the payload takes what is left. */
function drawBar(fields: FrameField[]): HTMLElement {
  const bar = make('div', 'frame-bar');
  bar.setAttribute('aria-hidden', 'true');
  fields.forEach((field, index) => {
    const piece = make('span', `field-${index % 8}`, field.name);
    piece.style.flexGrow = String(Math.min(field.bits, 8 * bitsOfByte));
    piece.title = `${field.name}: ${shorten(field.value)}`;
    bar.append(piece);
  });
  return bar;
}
