// The address of a browser's window, which carries what was moved.

export const browserAddress = {
  get: () => location.hash,
  put: (fragment) => history.replaceState(null, "", `${location.pathname}${location.search}${fragment}`),
  follow: (changed) => addEventListener("hashchange", changed),
  copy: () => navigator.clipboard.writeText(location.href),
};
