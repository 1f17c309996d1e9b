import { type Codec, SensorReport, codecOf } from 'demo-messages';

// The package demo-messages is generated from ../messages.hpp, which the server includes too.

export type { Person, Reading, SensorReport } from 'demo-messages';
export const sensorReportCodec = (subprotocol: string): Codec<SensorReport> => codecOf(subprotocol, SensorReport);
