// Elements as plain trees, made without a document and then put into one.

export const SVG = "http://www.w3.org/2000/svg";

export function el(name, attributes = {}, ...children) {
  const flat = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return { name, attributes, children: flat };
}

// The text of a tree, as a reader hears it.
export function textOf(tree) {
  return typeof tree === "object" ? tree.children.map(textOf).join("") : String(tree);
}

export function all(tree, test) {
  if (typeof tree !== "object") return [];
  return [...(test(tree) ? [tree] : []), ...tree.children.flatMap((child) => all(child, test))];
}

// An element of a document; attributes that start with "on" are listeners.
export function toElement(tree, inSvg = false) {
  if (typeof tree !== "object") return document.createTextNode(String(tree));
  const svg = inSvg || tree.name === "svg";
  const element = svg ? document.createElementNS(SVG, tree.name) : document.createElement(tree.name);
  for (const [key, value] of Object.entries(tree.attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...tree.children.map((child) => toElement(child, svg)));
  return element;
}

// The same as text: an SVG file.
export function toText(tree) {
  if (typeof tree !== "object") return escaped(String(tree));
  const attributes = Object.entries(tree.attributes)
    .filter(([key, value]) => value !== null && value !== undefined && value !== false && !key.startsWith("on"))
    .map(([key, value]) => ` ${key}="${escaped(value === true ? "" : String(value))}"`);
  return `<${tree.name}${attributes.join("")}>${tree.children.map(toText).join("")}</${tree.name}>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
