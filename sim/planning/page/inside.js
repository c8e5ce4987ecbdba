// The page inside another one: a tree of its own, which neither gives its styles away nor takes others.

// place : an element of the other page; css : text of the style sheet
// theme : "dark" or "light" where the other page has chosen one, else the reader's own
// returns the element to mount the page in
export function inside(place, css, theme = "") {
  const host = document.createElement("div");
  host.dataset.lmSuppressShortcuts = "true"; // what is typed here is no shortcut of JupyterLab
  if (theme) host.style.colorScheme = theme;
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets = [sheet];
  const root = document.createElement("div");
  root.className = "planner";
  shadow.append(root);
  place.append(host);
  return root;
}

// The theme that a notebook states on its page: JupyterLab, VS Code, Colab or marimo; "" where none does.
export function themeOf(page) {
  const { body, documentElement } = page;
  const told = [body.dataset.jpThemeLight, body.dataset.vscodeThemeKind, documentElement.getAttribute("theme"), body.dataset.theme, body.className, documentElement.className].join(" ");
  if (/\bfalse\b|\bdark\b|-dark\b|high-contrast(?!-light)/.test(told)) return "dark";
  return /\btrue\b|\blight\b|-light\b/.test(told) ? "light" : "";
}
