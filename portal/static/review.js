// The review page: a capture, its neighbours, whose it may be, and a key for everything that can be decided.

import { get, isWriting, make, picture, post, say } from "./ask.js";
import { drawCandidates, drawPicture, drawStrip } from "./draw.js";
import { Queue } from "./queue.js";
import { Why } from "./why.js";
import { _ } from "./words.js";

const at = (id) => document.getElementById(id);
const AHEAD = 3;
let queue, why, frames, others;

async function begin() {
  say(_("正在读取…"));
  const found = await get("/api/pending");
  if (!found.ok) return say(found.problem, true);
  ({ frames, others } = found);
  why = new Why(found.reasons, reject);
  queue = new Queue(found, (line, bad) => { draw(); say(line, bad); }, count);
  say("");
  draw();
}

function count() {
  const left = queue.left, unsent = queue.unsent ? _("，正在记录 {0} 个决定", queue.unsent) : "";
  at("count").textContent = _("待核对 {0} 张，已决定 {1} 张{2}", left, queue.items.length - left, unsent);
  document.body.dataset.unsent = queue.unsent;
}

function draw() {
  const left = queue.left, item = queue.item;
  count();
  at("desk").hidden = !left;
  at("done").hidden = Boolean(left);
  at("rest").textContent = others ? _("另有 {0} 个文件不是人像（采集码无法识读、空镜等），无须决定。", others) : "";
  if (!left) return at("main").focus();
  if (item.done) queue.step(1);
  return drawItem(queue.item);
}

function drawItem(item) {
  document.body.dataset.capture = item.sha256;
  drawPicture(at("picture").firstElementChild, item).then(() => preload());
  at("facts").replaceChildren(
    make("p", {}, make("time", {}, item.taken), " · ", item.body || _("相机不明")),
    make("p", { class: "path" }, `${item.session} ${item.path}`),
    make("p", { class: "whose" }, whose(item)),
  );
  at("reasons").replaceChildren(...item.reasons.map((one) => make("li", { class: one.asks }, one.text)));
  drawCandidates(at("candidates"), item.found || item.candidates, assign);
  drawStrip(at("strip"), item, frames);
  document.querySelector("[data-act=accept]").disabled = !canAccept(item);
  document.querySelector("[data-act=admit]").hidden = !asks(item, "admit");
  document.querySelector("[data-act=undo]").disabled = !queue.history.length;
}

const asks = (item, what) => item.reasons.some((one) => one.asks === what);
const canAccept = (item) => Boolean(item.crop) && !asks(item, "whose") && !asks(item, "crop");

function whose(item) {
  if (item.student) return _("已认定给 {0} {1}，还有疑问", item.student.name, item.student.student_no);
  return item.student_no ? `${item.name} ${item.student_no}` : _("还不知道是谁");
}

function preload() {
  for (const next of queue.items.slice(queue.at + 1, queue.at + 1 + AHEAD)) {
    picture(`/pictures/large/${next.sha256}`);
    for (const sha256 of next.beside) picture(`/pictures/thumbs/${sha256}`);
  }
}

function finish(item) {
  item.done = true;
  queue.step(1);
}

function assign(one) {
  const item = queue.item;
  if (!one.has_code && item.confirm !== one.student_no) {
    item.confirm = one.student_no;
    return say(_("{0} 没有采集码：没有采集码不得采集，确要认定请再按一次", one.name), true);
  }
  const rest = item.reasons.filter((reason) => reason.asks === "look" || reason.asks === "crop");
  if (one.ineligible) rest.push({ asks: "admit", text: _("不在本次范围：{0}", one.ineligible) });
  const what = { student_no: one.student_no, without_code: !one.has_code };
  queue.decide(item, "assign", what, () => {
    if (!rest.length) return finish(item);
    return Object.assign(item, { reasons: rest, student: one });
  });
  draw();
  return say(rest.length ? _("已认定给 {0}；还有疑问：选用（A）或退回（R）", one.name) : _("已认定给 {0}", one.name));
}

function accept() {
  const item = queue.item;
  if (asks(item, "whose")) return say(_("还不知道是谁：请先认定（1–9 或查找）"), true);
  if (!canAccept(item)) return say(_("没有合规的裁切，不能选用：请退回"), true);
  queue.decide(item, "choose", {}, () => (asks(item, "admit") ? leave(item, "look") : finish(item)));
  draw();
  return say(asks(item, "admit") && !item.done ? _("已选用；该学生不在本次范围：准入（M）或退回（R）") : _("已选用"));
}

function leave(item, what) {
  item.reasons = item.reasons.filter((one) => one.asks !== what);
}

function admit() {
  const item = queue.item;
  if (!asks(item, "admit")) return say(_("不需要准入"), true);
  const student_no = item.student?.student_no || item.student_no;
  queue.decide(item, "admit", { student_no }, () => {
    leave(item, "admit");
    if (!item.reasons.length) finish(item);
  });
  draw();
  return say(_("已准入"));
}

function reject(reason, words) {
  const item = queue.item;
  queue.decide(item, "reject", { reason }, () => finish(item));
  draw();
  say(_("已退回：{0}", words));
}

function hold() {
  const item = queue.item;
  queue.decide(item, "hold", {}, () => finish(item));
  draw();
  say(_("已暂扣"));
}

async function find(event) {
  event.preventDefault();
  const item = queue.item;
  const reply = await post("/api/students", { words: at("words").value });
  if (!reply.ok) return say(reply.problem, true);
  item.found = reply.students;
  at("words").blur();
  draw();
  return say(reply.students.length ? _("查到 {0} 人", reply.students.length) : _("没有这样的学生"));
}

function move(by) {
  queue.step(by);
  draw();
  say("");
}

const acts = {
  accept, reject: () => why.open(), hold, admit, undo: () => queue.undo(), next: () => move(1), back: () => move(-1),
};
const keys = {
  a: "accept", r: "reject", h: "hold", m: "admit", u: "undo", z: "undo", n: "next", ArrowRight: "next",
  p: "back", ArrowLeft: "back",
};

function pressed(event) {
  if (event.key === "Escape" && event.target.matches("#words")) return event.target.blur();
  if (isWriting(event) || !queue) return undefined;
  const figure = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
  if (why.isOpen) return void (figure >= 0 && (event.preventDefault(), why.choose(figure)));
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act === "undo") return acts.undo();
  if (!queue.left) return undefined;
  if (event.key === "/") return event.preventDefault(), at("words").select(), at("words").focus();
  if (figure >= 0) return at("candidates").querySelectorAll("button")[figure]?.click();
  return act && (event.preventDefault(), acts[act]());
}

document.addEventListener("keydown", pressed);
window.addEventListener("beforeunload", (event) => queue?.unsent && event.preventDefault()); // asks before it is left
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => acts[button.dataset.act]());
}
at("search").addEventListener("submit", find);
begin();
