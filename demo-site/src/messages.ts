import { type Codec, type Infer, integer, json, list, number, optional, required, string, struct, xml } from 'twinsocket';

// The same structs as in ../messages.hpp, which the server includes; the names are those on the wire.

const person = struct('Person', { Name: required(string()), Emails: list(string()) });
export type Person = Infer<typeof person>;
export const personCodecs = { json: json(person), xml: xml(person) } as const;

const reading = struct('Reading', {
  chip: string(),
  label: required(string()),
  kind: string(),
  value: required(number()),
  unit: string(),
  high: optional(number()),
  critical: optional(number()),
  time: integer(),
});
export type Reading = Infer<typeof reading>;

const frame = { source: string(), time: integer(), error: optional(string()) };
const sensorReport = struct('SensorReport', { ...frame, readings: list(reading) });
export type SensorReport = Infer<typeof sensorReport>;

// What JSON has as the list "readings", XML has as elements that are called "reading", one for each.
const elements = xml(struct('SensorReport', { ...frame, reading: list(reading) }));
const sensorReportXml: Codec<SensorReport> = {
  encode({ readings, ...rest }) {
    return elements.encode({ ...rest, reading: readings });
  },
  decode(message) {
    const { reading: readings, ...rest } = elements.decode(message);
    return { ...rest, readings };
  },
};
export const sensorReportCodecs = { json: json(sensorReport), xml: sensorReportXml } as const;

const chatMessage = struct('ChatMessage', {
  event: string(),
  name: string(),
  text: required(string()),
  time: integer(),
});
export type ChatMessage = Infer<typeof chatMessage>;
export const chatCodec = json(chatMessage);
