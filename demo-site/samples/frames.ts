import { Frames } from '../src/frames-module.js';

/** One line for each field of the frame that a client sends, such as `Payload length: 5`. */
export async function describeFrame(text: string): Promise<string[]> {
  const frames = await Frames.load();
  const payload = new TextEncoder().encode(text);
  const options = { isText: true, isClient: true, fragmentSize: 0, isCompressed: false };
  const [frame] = frames.describe(payload, options);
  return (frame?.fields ?? []).map(({ name, value }) => `${name}: ${value}`);
}
