// Loads everything there is, checks each file against its checksum, starts the page, and then
// forbids every further request. The page's Rust uses what this leaves in `globalThis.eqlens`;
// README.md beside this file says how.

import { joined, pieces } from "./pieces.js";

/** Name, as written here, to the file's name and its checksum. Written after the build. */
const assets = JSON.parse(document.querySelector("meta[name=assets]").content);

/** Addresses that may become code: those of the build, and the worker made here. */
const trusted = new Set();
const policy = globalThis.trustedTypes?.createPolicy("eqlens", {
  createScriptURL(url) {
    if (trusted.has(url)) return url;
    throw new TypeError(`not a script of this page: ${url}`);
  },
});

/** @param {string} url */
function scriptUrl(url) {
  trusted.add(url);
  return policy ? policy.createScriptURL(url) : url;
}

/** @param {string} name */
function asset(name) {
  const found = assets[name];
  if (!found) throw new Error(`the page was built without ${name}`);
  return { url: new URL(found.file, document.baseURI).href, integrity: found.integrity };
}

/** The app's own two files: Trunk leaves their addresses and checksums in preload links. */
function preloaded(selector) {
  const link = document.querySelector(`link${selector}`);
  if (!link) throw new Error("the page was built without its app");
  return { url: link.href, integrity: link.integrity };
}

/**
 * Imports a module after a check of its bytes. `import()` alone checks nothing; the element
 * does, and what it checked is what `import()` then finds in the module map.
 */
async function importChecked({ url, integrity }) {
  const script = document.createElement("script");
  script.type = "module";
  script.crossOrigin = "anonymous";
  script.integrity = integrity;
  script.src = scriptUrl(url);
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} is missing or not the file expected`));
    document.head.append(script);
  });
  return import(url);
}

async function fetchChecked({ url, integrity }, cache = "default") {
  const response = await fetch(url, { integrity, cache });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}

/** What a worker makes of this; it ends with its answer. */
function ask(workerUrl, question, transferred) {
  const worker = new Worker(workerUrl, { name: "unpack", type: "module" });
  const answer = new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message || "the program cannot be unpacked"));
    worker.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage(question, transferred);
  return answer.finally(() => worker.terminate());
}

/** The compiled program. A worker for each piece unpacks it: here they would hold up the page. */
async function compileChecked(file, workerUrl) {
  const bytes = async (file) => (await fetchChecked(file)).arrayBuffer();
  const packed = bytes(file);
  const unpacker = await WebAssembly.compile(await bytes(asset("unpack.wasm")));
  const url = await workerUrl;
  const unpacked = pieces(await packed).map((piece) => ask(url, [unpacker, piece], [piece]));
  return WebAssembly.compile(joined(await packed, await Promise.all(unpacked)));
}

/** The app's own script and program. The worker runs the same two. */
const APP_SCRIPT = "[rel=modulepreload][href*='/app-']";
const APP_PROGRAM = "[rel=preload][href*='/app-']";

/** A worker from a blob, not from an address: only so does the page's policy bind it. */
async function loadWorker() {
  // The page has asked for this script, and its name changes with its content: what the browser
  // keeps of it is not asked for again.
  const response = await fetchChecked(preloaded(APP_SCRIPT), "force-cache");
  // The script starts the engine where there is no document: worker.js.
  const blob = new Blob([await response.text()], { type: "text/javascript" });
  return scriptUrl(URL.createObjectURL(blob));
}

const afterPaint = () =>
  new Promise((resolve) => {
    // A hidden tab paints nothing; it must load all the same.
    if (document.visibilityState === "hidden") setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });

function trouble(error) {
  console.error(error);
  globalThis.eqlensTrouble?.(
    `EQLens could not start: ${error?.message ?? error}. Reload the page; if that does not ` +
      "help, try another browser, or publish the site again.",
  );
}

function start() {
  if (typeof WebAssembly !== "object") {
    throw new Error("WebAssembly is not available in this browser or is switched off");
  }
  let engine = null;
  let editor = null;
  let isSealed = false;

  const workerUrl = loadWorker();
  const program = compileChecked(preloaded(APP_PROGRAM), workerUrl);
  const app = Promise.all([importChecked(preloaded(APP_SCRIPT)), program]);
  const engineReady = Promise.all([workerUrl, program]).then(([url, module]) => {
    engine = { url, module };
  });

  let startEditor;
  const editorReady = new Promise((resolve) => {
    startEditor = resolve;
  })
    .then(() => importChecked(asset("editor.js")))
    .then((loaded) => {
      editor = loaded;
    });

  const sealed = Promise.all([app, engineReady, editorReady]).then(() => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = "connect-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:";
    document.head.append(meta);
    isSealed = true;
  });

  globalThis.eqlens = Object.freeze({
    whenEngineReady: () => engineReady,
    spawnWorker() {
      if (!engine) throw new Error("the engine is not loaded yet");
      const worker = new Worker(engine.url, { name: "engine", type: "module" });
      worker.postMessage(engine.module);
      return worker;
    },
    whenEditorReady: () => editorReady,
    createEditor(host, options) {
      if (!editor) throw new Error("the editor is not loaded yet");
      return editor.createEditor(host, options);
    },
    whenSealed: () => sealed,
    isSealed: () => isSealed,
  });

  sealed.catch(trouble);
  return app
    .then(([bindings, module]) => bindings.default({ module_or_path: module }))
    .then(afterPaint)
    .then(startEditor);
}

try {
  start().catch(trouble);
} catch (error) {
  trouble(error);
}
