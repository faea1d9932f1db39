// Starts the program in the worker. The build appends this to the program's own script, whose
// names it uses; in the page it does nothing.

if (!globalThis.document) {
  onmessage = (event) => {
    onmessage = null;
    // For the test that sees the page survive a panic of the engine.
    globalThis.crash = crash;
    initSync({ module: event.data });
  };
}
