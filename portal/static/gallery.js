// Looking through a centre's portraits: twenty-four a page, a key to hold any of them, and a record when all were seen.

import { get, isWriting, make, newKey, picture, post, say, show } from "./ask.js";
import { _ } from "./words.js";

const at = (id) => document.getElementById(id);
const A_PAGE = 24;
const centre = at("name").dataset.centre;
let watcher, found, page = 0, sending = Promise.resolve();
const held = new Map(); // by original: the number of the decision

async function begin() {
  say(_("正在读取…"));
  found = await get(`/api/gallery/${centre}`);
  if (!found.ok) return say(found.problem, true);
  at("name").textContent = found.name;
  document.title = _("{0} 快速翻看", found.name);
  say("");
  return draw();
}

const pages = () => Math.max(1, Math.ceil(found.students.length / A_PAGE));
const onPage = (number) => found.students.slice(number * A_PAGE, (number + 1) * A_PAGE);

function count() {
  const more = found.waiting ? _("，另有 {0} 人的照片下次运行后才有", found.waiting) : "";
  const seen = found.reviewed ? _("✓ 已翻看") : _("未翻看");
  at("count").textContent = _("第 {0} / {1} 页，{2} 张{3}。{4}", page + 1, pages(), found.students.length, more, seen);
}

async function draw() {
  const shown = page;
  count();
  document.querySelector("[data-act=back]").disabled = page === 0;
  document.querySelector("[data-act=next]").disabled = page + 1 === pages();
  const portraits = onPage(page).map(portrait);
  at("grid").replaceChildren(...portraits.map((one) => one.button));
  for (const next of onPage(page + 1)) picture(`/portraits/${next.source}`);
  await Promise.all(portraits.map((one) => one.shown));
  if (shown === page && portraits.length) watch(shown, portraits.map((one) => one.button));
}

// A page counts as looked at when each of its portraits was on the screen, not when it was loaded.
function watch(number, buttons) {
  const unseen = new Set(buttons);
  watcher?.disconnect();
  watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) unseen.delete(entry.target);
    if (unseen.size) return;
    watcher.disconnect();
    tellSeen(number);
  }, { threshold: 0.6 });
  for (const button of buttons) watcher.observe(button);
}

async function tellSeen(number) {
  const reply = await post(`/api/gallery/${centre}/seen`, { portraits: found.portraits, page: number });
  if (!reply.ok) return say(reply.problem, true);
  if (reply.stale) return say(_("照片已有变化：请重新载入本页（F5），再看一遍"), true);
  if (reply.reviewed && !found.reviewed) {
    found.reviewed = true;
    count();
    say(_("全部看过，已记录"));
  }
  document.body.dataset.seen = [...new Set([...(document.body.dataset.seen || "").split(" "), number + 1])].join(" ").trim();
  return undefined;
}

function portrait(one, index) {
  const image = make("img", { alt: "", width: 480, height: 640 });
  const letter = String.fromCharCode(65 + index);
  const words = make("span", { class: "who" }, make("b", {}, one.name), make("small", {}, one.student_no));
  const button = make("button", { class: "portrait", "aria-keyshortcuts": letter }, image, make("kbd", {}, letter), words);
  button.addEventListener("click", () => toggle(one, button));
  mark(button, held.has(one.source));
  return { button, shown: show(image, `/portraits/${one.source}`) };
}

function mark(button, is) {
  button.setAttribute("aria-pressed", String(is));
  button.querySelector(".held")?.remove();
  if (is) button.append(make("span", { class: "held" }, _("暂扣")));
}

// One after the other, so that each names the decision it was made after.
function toggle(one, button) {
  sending = sending.then(() => (held.has(one.source) ? release(one, button) : hold(one, button)));
}

async function decide(what) {
  const reply = await post("/api/decisions", { key: newKey(), after: found.after, ...what });
  if (reply.ok) found.after = reply.decision;
  else say(_("没有记录：{0}", reply.other ? reply.other.line : reply.problem), true);
  if (reply.other) found.after = Math.max(found.after, reply.other.number);
  return reply;
}

async function hold(one, button) {
  const reply = await decide({ act: "hold", capture: one.source });
  if (!reply.ok) return;
  held.set(one.source, reply.decision);
  mark(button, true);
  say(_("已暂扣 {0}（决定 {1}），在待核对里等人决定", one.name, reply.decision));
}

async function release(one, button) {
  const reply = await decide({ act: "undo", undone: held.get(one.source) });
  if (!reply.ok) return;
  held.delete(one.source);
  mark(button, false);
  say(_("已撤销对 {0} 的暂扣", one.name));
}

function turn(by) {
  const next = Math.min(Math.max(page + by, 0), pages() - 1);
  if (next === page) return;
  page = next;
  window.scrollTo(0, 0);
  draw();
}

const keys = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

document.addEventListener("keydown", (event) => {
  if (isWriting(event) || !found?.ok) return;
  if (event.key in keys) return void (event.preventDefault(), turn(keys[event.key]));
  const index = event.key.length === 1 ? event.key.toUpperCase().charCodeAt(0) - 65 : -1;
  at("grid").children[index]?.click();
});
document.querySelector("[data-act=back]").addEventListener("click", () => turn(-1));
document.querySelector("[data-act=next]").addEventListener("click", () => turn(1));
begin();
