// A group of cases has a name and the section of the RFC that it is about. A case has
//
//   rule        what is shown, in words
//   send        frames, or bytes as they are
//   expect      what has to come back, exactly that and in that order; by default nothing
//   fails       the code with which the other side has to fail the connection
//   answered    the code with which it has to answer the close frame that is sent
//   breaksOff   the stream is ended instead: nothing is to be said to that
//   endsAtOnce  the stream is ended right behind what is sent
//   only        'compressed' or 'uncompressed': the connections that it is for; by default both
//   role        'server' or 'client': what is tested; by default both
//   once        it is sent in one write only, not byte by byte as well
//
// Where none of fails, answered and breaksOff is there, the connection has to be in order still: it is closed with 1000.

import closing from './closing.mjs';
import compressed from './compressed.mjs';
import control from './control.mjs';
import fragments from './fragments.mjs';
import framing from './framing.mjs';
import limits from './limits.mjs';
import reserved from './reserved.mjs';
import utf8 from './utf8.mjs';

export const groups = [framing, control, reserved, fragments, utf8, closing, limits, compressed];
