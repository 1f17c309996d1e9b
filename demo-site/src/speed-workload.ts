/** Bytes of a message whose round trip is timed. */
export const roundTripBytes = 16;
/** Bytes of a message, and messages in flight, of the measurement of the rate. */
export const burstBytes = 1024;
export const messagesUnderway = 32;
