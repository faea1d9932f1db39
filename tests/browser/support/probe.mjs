// Editors of a test's own, over the page: what they are told, they write down.

/**
 * Mounts an editor and leaves it as `globalThis.probe`, its reports as `globalThis.reports`.
 * @param {import("playwright-core").Page} page
 * @param {object} options of `createEditor`, without its callbacks
 * @param {{ width?: number, height?: number }} [size] in px
 */
export async function mountProbe(page, options, { width = 528, height = 300 } = {}) {
  await page.evaluate(
    ({ options, width, height }) => {
      document.getElementById("probe")?.remove();
      const host = document.createElement("div");
      host.id = "probe";
      // By this class the page knows that letters are typed here, not shortcuts.
      host.className = "editor";
      Object.assign(host.style, {
        position: "fixed",
        inset: "0 auto auto 0",
        width: `${width}px`,
        height: `${height}px`,
        zIndex: "1000",
      });
      document.body.append(host);
      globalThis.reports = [];
      const report = (name) => (value) => globalThis.reports.push([name, value]);
      globalThis.probe = globalThis.eqlens.createEditor(host, {
        label: "Probe",
        ...options,
        onChange: report("change"),
        onCursor: report("cursor"),
        onHover: report("hover"),
        onFocusLine: report("line"),
      });
    },
    { options, width, height },
  );
  return page.locator("#probe");
}

/**
 * Calls a method of the probe.
 * @param {import("playwright-core").Page} page
 */
export function probe(page, method, ...values) {
  return page.evaluate(({ method, values }) => globalThis.probe[method](...values), {
    method,
    values,
  });
}

/**
 * What the probe reported under one name, in order.
 * @param {import("playwright-core").Page} page
 */
export function reported(page, name) {
  return page.evaluate(
    (wanted) => globalThis.reports.filter(([name]) => name === wanted).map(([, value]) => value),
    name,
  );
}
