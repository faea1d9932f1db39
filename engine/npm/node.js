// In Node: the WebAssembly file is read from disk.

import { readFile } from "node:fs/promises";
import { isStarted, start } from "./engine.js";
import { compile } from "./source.js";

export { Engine } from "./engine.js";

export default async function init(source) {
  if (isStarted()) return;
  const given = source ?? new URL("./eqlens_bg.wasm", import.meta.url);
  const isFile = given instanceof URL && given.protocol === "file:";
  start(await compile(isFile ? await readFile(given) : given));
}
