// In a page or a worker: the WebAssembly file is fetched.

import { isStarted, start } from "./engine.js";
import { compile } from "./source.js";

export { Engine } from "./engine.js";

export default async function init(source) {
  if (isStarted()) return;
  start(await compile(source ?? new URL("./eqlens_bg.wasm", import.meta.url)));
}
