import { type Codec, Person, SensorReport, cbor, codecOf, json, xml } from 'demo-messages';

// The package demo-messages is generated from ../messages.hpp, which the server includes too.

export type { Person, Reading, SensorReport } from 'demo-messages';
export const personCodecs = { json: json(Person), xml: xml(Person), cbor: cbor(Person) } as const;
export const sensorReportCodec = (subprotocol: string): Codec<SensorReport> => codecOf(subprotocol, SensorReport);
