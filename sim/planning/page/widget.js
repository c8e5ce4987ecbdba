// The page in a cell of a notebook, as anywidget wants it.
import { inside, themeOf } from "./inside.js";
import { messagePort } from "./messages.js";
import { mount } from "./planner.js";

export function render({ model, el }) {
  const root = inside(el, model.get("style"), themeOf(document));
  mount(root, messagePort(model));
  return () => el.replaceChildren();
}

export default { render };
