// From whatever names or holds the WebAssembly file to a compiled module.

export async function compile(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  const response = given instanceof Response ? given : await fetch(given);
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  // Not `compileStreaming`: it insists on a media type that many servers do not send.
  return WebAssembly.compile(await response.arrayBuffer());
}
