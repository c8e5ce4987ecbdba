// The port of the page in a deck: answers that were computed beforehand, by where the controls stand.
import { Fault } from "./http.js";

export function gridPort({ opening, answers }) {
  const keyOf = (state) => opening.order.map(([id, value]) => state[id] ?? value).join("|");
  return {
    opening: async () => opening,
    ask: async ({ state }) => {
      const answer = answers[keyOf(state)];
      if (!answer) throw new Fault("refused", "The deck holds no answer for this.");
      return answer;
    },
  };
}
