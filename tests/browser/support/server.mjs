// Serves dist/ to one test and remembers every request, which a browser's own events may miss.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../../dist/", import.meta.url));

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/**
 * @param {object} [options]
 * @param {string} [options.base] path under which the page lives, with both slashes
 * @param {(name: string, answer: { status: number, type: string, body: Buffer }) => void}
 *   [options.change] may change an answer before it is sent
 */
export async function serve({ base = "/", change = () => {} } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    requests.push(`${request.method} ${path}`);
    const answer = await find(base, path);
    change(path.split("/").pop() || "index.html", answer);
    response.writeHead(answer.status, { "content-type": answer.type, "cache-control": "no-cache" });
    response.end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function find(base, path) {
  const missing = { status: 404, type: "text/plain", body: Buffer.from("not found") };
  if (!path.startsWith(base)) return missing;
  const file = normalize(join(DIST, path.slice(base.length) || "index.html"));
  if (!file.startsWith(DIST) || file.endsWith(sep)) return missing;
  try {
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    return { status: 200, type, body: await readFile(file) };
  } catch {
    return missing;
  }
}
