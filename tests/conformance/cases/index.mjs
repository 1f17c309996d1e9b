// A group of cases has a name and the section of the RFC that it covers. A case has:
//
//   rule           the tested rule, in words
//   send           frames, or raw bytes
//   expect         the exact events that must come back, in order; default: none
//   fails          the code with which the endpoint must fail the connection
//   answered       the code with which it must answer the close frame that was sent
//   endsStream     the stream is ended instead; the endpoint must send nothing
//   endsAfterSend  the stream is ended directly after the bytes that are sent
//   only           'compressed' or 'uncompressed': the connections that the case applies to; default: both
//   role           'server' or 'client': the tested role; default: both
//   once           the bytes are sent in one write only, not also byte by byte
//
// If none of fails, answered and endsStream is present, the connection must still be open. It is then closed with 1000.

import closing from './closing.mjs';
import compressed from './compressed.mjs';
import control from './control.mjs';
import fragments from './fragments.mjs';
import framing from './framing.mjs';
import limits from './limits.mjs';
import reserved from './reserved.mjs';
import utf8 from './utf8.mjs';

export const groups = [framing, control, reserved, fragments, utf8, closing, limits, compressed];
