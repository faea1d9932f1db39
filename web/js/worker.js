// What the program does in a worker. The build appends this, behind the unpacker, to the program's
// own script, whose names it uses; in the page it does nothing.

if (!globalThis.document) {
  onmessage = async ({ data }) => {
    if (data instanceof ArrayBuffer) {
      // The packed program, at the start of the page.
      const module = async () => WebAssembly.compile(unpack(new Uint8Array(data)));
      postMessage(await module().catch((error) => String(error)));
      return;
    }
    onmessage = null;
    // For the test that sees the page survive a panic of the engine.
    globalThis.crash = crash;
    initSync({ module: data });
  };
}
