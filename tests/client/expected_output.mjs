/** The output of a successful conversation. */
export const expectedOutput = (subprotocol) => [
  `subprotocol ${subprotocol}`,
  'text came back',
  'empty text came back',
  'text with a NUL came back',
  'text with a byte order mark came back',
  'large text came back',
  'bytes came back',
  'no bytes came back',
  'in order 100',
  'not UTF-8 the text is not valid UTF-8: a text message of 1 bytes',
  'close 1001 "enough" clean local',
  'after the connection is closed: 1001 (going away) enough',
];
