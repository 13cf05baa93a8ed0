// The page's own queue: what waits, what was decided, and how a decision reaches the store while the next is taken.

import { newKey, post } from "./ask.js";
import { _ } from "./words.js";

export class Queue {
  // `tell` hears what somebody must know, `sent` that one more decision is on record or refused.
  constructor(found, tell, sent) {
    Object.assign(this, { items: found.queue, after: found.after, at: 0, history: [], unsent: 0, tell, sent });
    this.sending = Promise.resolve();
    for (const item of this.items) item.asked = item.reasons;
  }

  get item() {
    return this.items[this.at];
  }

  get left() {
    return this.items.filter((item) => !item.done).length;
  }

  // The next that waits, round the end too; nothing moves when none does.
  step(by) {
    for (let n = 1; n <= this.items.length; n++) {
      const at = (this.at + by * n + n * this.items.length) % this.items.length;
      if (!this.items[at].done) return void (this.at = at);
    }
  }

  // Kept at once here and sent in order; whatever the store refuses comes back.
  decide(item, act, what, after = () => {}) {
    const word = { item, act, what, before: { done: item.done, reasons: item.reasons, student: item.student }, number: null };
    this.history.push(word);
    after();
    this.unsent++;
    this.sending = this.sending.then(() => this.send(word)).finally(() => this.unsent--);
    this.sending.then(() => this.sent());
    return word;
  }

  async send(word) {
    const capture = word.act === "admit" ? {} : { capture: word.item.sha256 };
    const reply = await post("/api/decisions", { key: newKey(), after: this.after, act: word.act, ...capture, ...word.what });
    if (reply.ok) {
      this.after = word.number = reply.decision;
      for (const other of reply.others) this.heard(other);
    } else {
      this.takeBack(word);
      if (reply.other) this.after = Math.max(this.after, reply.other.number);
      this.tell(_("没有记录：{0}（{1}）", reply.other ? reply.other.line : reply.problem, word.item.path), true);
    }
  }

  heard(other) {
    const item = this.items.find((one) => one.sha256 === other.capture);
    if (item && !item.done) item.done = true;
    this.tell(other.line);
  }

  takeBack(word) {
    this.history = this.history.filter((one) => one !== word);
    Object.assign(word.item, word.before);
    this.at = this.items.indexOf(word.item);
  }

  // The last decision of this page counts as never taken.
  async undo() {
    const word = this.history.at(-1);
    if (!word) return this.tell(_("没有可以撤销的决定"));
    await this.sending;
    if (word.number === null) return undefined; // it was refused meanwhile
    const reply = await post("/api/decisions", { key: newKey(), after: this.after, act: "undo", undone: word.number });
    if (!reply.ok) return this.tell(_("没有撤销：{0}", reply.problem), true);
    this.after = reply.decision;
    this.takeBack(word);
    return this.tell(_("已撤销决定 {0}", word.number));
  }
}
