// Why a picture is refused: the notice's list, a figure each, and the person's own words.

import { make } from "./ask.js";

const at = (id) => document.getElementById(id);

export class Why {
  // `told` hears the reason as it is kept, a code or what was written, and in the reader's words.
  constructor(reasons, told) {
    Object.assign(this, { reasons, told });
    at("why-list").replaceChildren(...reasons.map((one, index) => this.button(one, index)));
    at("why-close").addEventListener("click", () => at("why").close());
    at("why-other").addEventListener("submit", (event) => {
      event.preventDefault();
      const words = at("why-words").value.trim();
      if (words) this.say(words, words);
    });
  }

  get isOpen() {
    return at("why").open;
  }

  open() {
    at("why-other").hidden = true;
    at("why-words").value = "";
    at("why").showModal();
  }

  choose(index) {
    const one = this.reasons[index];
    if (!one) return;
    if (one.code !== "other") return void this.say(one.code, one.word);
    at("why-other").hidden = false;
    at("why-words").focus();
  }

  say(reason, words) {
    at("why").close();
    this.told(reason, words);
  }

  button(one, index) {
    const button = make("button", { "aria-keyshortcuts": index + 1 }, make("kbd", {}, String(index + 1)), ` ${one.word}`);
    if (one.rule) button.append(make("small", {}, one.rule));
    button.addEventListener("click", () => this.choose(index));
    return make("li", {}, button);
  }
}
