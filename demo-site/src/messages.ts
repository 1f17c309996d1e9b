import { Person, SensorReport, json, xml } from 'demo-messages';

// What ../messages.hpp describes, which the server includes, is made into the package demo-messages.

export type { Person, Reading, SensorReport } from 'demo-messages';
export const personCodecs = { json: json(Person), xml: xml(Person) } as const;
export const sensorReportCodecs = { json: json(SensorReport), xml: xml(SensorReport) } as const;
