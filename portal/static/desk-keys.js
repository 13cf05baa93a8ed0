// What a scanner and a hand type, one line at a time, and how calm the keyboard was before a key that confirms.
//
// The line is read from the keys themselves: a field that takes no text has no input method, which would eat a scan.

import { _ } from "./words.js";

export const CALM = 300; // ms without any key before one may confirm: no scanner waits so long before its Enter
const FAST = 80; // ms from key to key, on the average; no hand keeps that up
const LEAST = 6; // keys that make a pace
const LONGEST = 1000;

export class Keys {
  // `on.line(text, fast)`, `on.key(name)` for Enter on an empty line, F2, Escape …, `on.warn(words)`, `on.shown(text)`
  constructor(on) {
    this.on = on;
    this.last = -Infinity;
    this.clear();
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("paste", (event) => this.pasted(event));
    document.addEventListener("compositionstart", () => this.spoil(_("输入法开着")));
    window.addEventListener("blur", () => this.clear());
  }

  clear() {
    Object.assign(this, { text: "", first: 0, keys: 0, spoiled: "", byPaste: false });
    this.on.shown("");
  }

  spoil(why) {
    this.spoiled ||= why;
    this.on.warn(_("{0}，这一行收不全：请切换到英文输入，再扫一次", why));
  }

  pressed(event) {
    const calm = event.timeStamp - this.last > CALM;
    const { key } = event;
    if (["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock", "Fn"].includes(key)) return;
    this.last = event.timeStamp;
    if (event.isComposing || event.keyCode === 229 || key === "Process" || key === "Dead") return this.spoil(_("输入法开着"));
    if (event.ctrlKey && key === "Enter") return this.name("Confirm", event, calm);
    if ((event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph")) return this.chord();
    if ([...key].length === 1) return this.add(event);
    if (key === "Enter" || (key === "Tab" && this.text)) return this.ended(event, calm);
    if (key === "Backspace") return event.preventDefault(), this.cut();
    if (key === "Escape" && this.text) return event.preventDefault(), this.clear();
    return this.name(key === "F2" ? "Confirm" : key, event, calm);
  }

  add(event) {
    event.preventDefault();
    if (event.repeat) return this.spoil(_("按键卡住了"));
    if (event.getModifierState("CapsLock") && /[a-z]/i.test(event.key)) this.spoil(_("大写锁定（Caps Lock）开着"));
    if (!this.keys) this.first = event.timeStamp;
    this.keys += 1;
    this.text = (this.text + event.key).slice(0, LONGEST);
    this.on.shown(this.text);
  }

  cut() {
    this.text = [...this.text].slice(0, -1).join("");
    if (!this.text) this.clear();
    else this.keys = 0; // a hand corrects, a scanner never does
    this.on.shown(this.text);
  }

  // A chord within a line is a scanner's control character, and it is lost.
  chord() {
    if (this.text) this.spoil(_("扫到了控制字符"));
  }

  ended(event, calm) {
    event.preventDefault();
    if (event.repeat) return;
    if (!this.text && !this.spoiled) return this.name(event.key, event, calm);
    const { text, spoiled } = this;
    const fast = !this.byPaste && this.keys >= LEAST && (event.timeStamp - this.first) / (this.keys - 1) < FAST;
    this.clear();
    if (!spoiled) this.on.line(text, fast);
  }

  name(key, event, calm) {
    const ours = ["Confirm", "Enter", "Escape", "F4", "F8", "F9"].includes(key);
    if (!ours) return;
    event.preventDefault();
    if (!event.repeat && (calm || key === "Escape")) this.on.key(key);
  }

  pasted(event) {
    event.preventDefault();
    const text = event.clipboardData.getData("text").trim();
    if (!text || text.includes("\n")) return;
    this.clear();
    Object.assign(this, { text: text.slice(0, LONGEST), byPaste: true });
    this.on.shown(this.text);
  }
}
