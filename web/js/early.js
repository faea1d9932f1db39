// Runs before the first paint: the theme, and a message where the page would stay blank.

// The choice of an earlier visit; without one the system decides.
try {
  const theme = localStorage.getItem("eqlens.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden here. The system's theme is as good.
}

/**
 * Says what went wrong in the one line kept for that. The first message stays: later ones are
 * mostly its consequences.
 * @param {string} message
 */
globalThis.eqlensTrouble = (message) => {
  const show = () => {
    const line = document.getElementById("trouble");
    if (!line.hidden) return;
    line.textContent = message;
    line.hidden = false;
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
  else show();
};

// A script or a sheet that is missing or fails its integrity check. Such errors do not bubble.
addEventListener(
  "error",
  (event) => {
    const from = event.target;
    if (!(from instanceof HTMLScriptElement || from instanceof HTMLLinkElement)) return;
    const name = (from.src || from.href).split("/").pop();
    globalThis.eqlensTrouble(
      `EQLens could not start: ${name} is missing, or it is not the file this page was built ` +
        "with. Reload the page; if that does not help, the site has to be published again.",
    );
  },
  true,
);
