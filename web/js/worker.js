// What the program's script does in a worker; in the page it does nothing. The build appends this to
// that script, whose names it uses, and puts the unpacker beside it.

import { initSync as startUnpacker, unpack } from "./unpack.js";

if (!globalThis.document) {
  onmessage = ({ data }) => {
    if (Array.isArray(data)) {
      // At the start of the page: the unpacker, and a piece of the packed program.
      const [unpacker, piece] = data;
      startUnpacker({ module: unpacker });
      const unpacked = unpack(new Uint8Array(piece));
      postMessage(unpacked, [unpacked.buffer]);
      return;
    }
    onmessage = null;
    // For the test that sees the page survive a panic of the engine.
    globalThis.crash = crash;
    initSync({ module: data });
  };
}
