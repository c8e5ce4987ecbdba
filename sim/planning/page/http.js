// The port of the page to the server it came from: every call returns a promise, or throws a Fault.

export class Fault extends Error {
  // kind: "lost" where nobody answers, "refused" for a line of the server, "superseded"
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const STOPPED = "The server on this machine was started anew: open the address it printed.";

export function httpPort(token, fetching = (...all) => fetch(...all)) {
  const visitor = newVisitor();

  async function call(path, body) {
    let response;
    try {
      response = await fetching(path, {
        method: body ? "POST" : "GET",
        headers: { "x-tiercurve-token": token, "x-tiercurve-visitor": visitor },
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Fault("lost", "The server on this machine does not answer.");
    }
    if (response.ok) return response;
    if (response.status === 409) throw new Fault("superseded", "A newer request took its place.");
    if (response.status === 403) throw new Fault("refused", STOPPED);
    throw new Fault("refused", await lineOf(response));
  }

  return {
    opening: async () => (await call("/opening")).json(),
    ask: async (params) => (await call("/answer", params)).json(),
    run: async (params) => (await call("/run", params)).json(),
    file: async (params) => (await call("/toml", params)).text(),
  };
}

async function lineOf(response) {
  try {
    return (await response.json()).error ?? `The server said ${response.status}.`;
  } catch {
    return `The server said ${response.status}.`;
  }
}

function newVisitor() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
