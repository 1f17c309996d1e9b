import { SensorReport, codecOf, reconnecting } from 'demo-messages';

export async function showReadings(
  server: string,
  format: 'json' | 'xml' | 'cbor',
  show: (report: SensorReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const socket = reconnecting<never, SensorReport>(`${server}/sensors`, {
    subprotocols: [`sensors.${format}`],
    codec: (subprotocol) => codecOf(subprotocol, SensorReport),
    signal,
  });
  for await (const report of socket) show(report);
}
