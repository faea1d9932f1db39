// Elements and text. Nothing here takes markup: all text becomes text nodes.

/**
 * @param {string} name
 * @param {string} className
 */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * A text with its backticked stretches as code.
 * @param {string} text
 */
export function prose(text) {
  const fragment = document.createDocumentFragment();
  text.split("`").forEach((part, index, parts) => {
    // An odd part stands between two backticks, unless the closing one is missing.
    if (index % 2 === 1 && index < parts.length - 1) fragment.append(element("code", "", part));
    else fragment.append(index % 2 === 1 ? `\`${part}` : part);
  });
  return fragment;
}

/**
 * Messages come in lower case; on a card they stand by themselves.
 * @param {string} text
 */
export const sentence = (text) => text.replace(/^[a-z]/, (first) => first.toUpperCase());
