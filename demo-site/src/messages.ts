import { type Codec, Person, SensorReport, codecOf, json, xml } from 'demo-messages';

// What ../messages.hpp describes, which the server includes, is made into the package demo-messages.

export type { Person, Reading, SensorReport } from 'demo-messages';
export const personCodecs = { json: json(Person), xml: xml(Person) } as const;
export const sensorReportCodec = (subprotocol: string): Codec<SensorReport> => codecOf(subprotocol, SensorReport);
