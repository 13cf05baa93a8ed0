// The check-in desk: scan a code, type a number, read the name aloud, Enter. No mouse.
//
// What a scanner types can never confirm anything: its Enter ends a line, and only Enter on an empty line after a
// moment of calm binds. Whatever contradicts the log is confirmed by another key, which no scanner has.

import { get, make, newKey, post } from "./ask.js";
import { Camera } from "./desk-camera.js";
import { drawCard, drawChoices, drawQuestions, drawState } from "./desk-draw.js";
import { CALM, Keys } from "./desk-keys.js";
import { sound, toggleSound } from "./desk-sound.js";
import { _ } from "./words.js";

const at = (id) => document.getElementById(id);
const EVERY = 3000; // ms between two looks at the other desks and the counts
const PROMPTS = { code: _("请扫采集码"), number: _("请输入学号或身份证号后四位"), choose: _("请按数字再回车，选是谁"),
  card: _("读出姓名，本人应答后按 Enter 登记"), ask: _("请看下面的问题") };
const UNSURE = _("连不上程序，不知道是否记录：请重新启动 gradphoto desk，看最近登记里有没有这名学生");

let mode = "code", code = null, card = null, choices = [], question = null;
let version = 0, since = 0; // of what is on the screen: a key means what was shown when it was pressed
let work = Promise.resolve();

function turn(to) {
  mode = to;
  version += 1;
  since = performance.now();
  Object.assign(document.body.dataset, { mode, code: code?.text || "", student: card?.student_no || "" });
  at("prompt").textContent = PROMPTS[mode];
  at("code").replaceChildren(...(code ? [make("span", {}, _("采集码 {0}", code.text)), ...(code.holder ? [make("em", {}, _("已绑定：{0}", code.holder))] : [])] : []));
  drawChoices(mode === "choose" ? choices : []);
  drawQuestions(question ? question.lines : []);
}

function note(line, bad = false) {
  at("note").textContent = line;
  at("note").classList.toggle("bad", bad);
  if (bad) sound("bad");
}

// ---- Lines

async function line(text, fast) {
  if (mode === "ask") return note(_("刚才输入的没有用：请先回答上面的问题（F2 确认，Esc 不改）"), true);
  if (mode === "choose" && /^[1-9]$/.test(text)) return choices[text - 1] ? show(choices[text - 1]) : note(_("没有这个数字"), true);
  const reply = await post("/api/read", { text, fast });
  if (!reply.ok) return note(reply.problem, true);
  return reply.kind === "code" ? scanned(reply, fast) : meant(reply);
}

function scanned(reply, fast) {
  if (reply.trouble) return note(reply.trouble, true);
  const found = { text: reply.code, holder: reply.holder, byHand: !fast };
  if (!code) return take(found);
  if (code.text === found.text) return note(_("还是同一个采集码"));
  return ask([_("上一个采集码 {0} 还没有登记，要换成刚扫的 {1}", code.text, found.text)], () => take(found));
}

function take(found) {
  code = found;
  card = question = null;
  choices = [];
  drawCard(null);
  note("");
  sound("good");
  turn("number");
}

function meant(reply) {
  if (!reply.cards.length) return note(reply.trouble, true);
  if (reply.cards.length === 1) return show(reply.cards[0]);
  choices = reply.cards;
  card = null;
  drawCard(null);
  note(_("有 {0} 人的号码这样结尾", choices.length));
  return turn("choose");
}

function show(found) {
  card = found;
  drawCard(card);
  if (!code) card = null; // looked up only: it must not wait for the next student's code
  note(code ? "" : _("没有采集码不登记：请先扫采集码"), false);
  turn(code ? "card" : "code");
}

// ---- Binding

function ask(lines, yes) {
  const back = mode;
  question = { lines, yes, back };
  note("");
  sound("ask");
  turn("ask");
}

async function bind(confirmed = []) {
  const asked = { key: newKey(), code: code.text, student_no: card.student_no, by_hand: code.byHand, confirmed };
  const reply = await post("/api/bind", asked);
  if (reply.asks) return ask(reply.asks, () => bind(reply.asks));
  if (reply.done || reply.known) return finish(reply);
  return note(reply.refused || (reply.status ? reply.problem : UNSURE), true);
}

function finish(reply) {
  drawCard(card, reply.done ? _("✓ 已登记") : _("✓ 早已登记"));
  code = card = question = null;
  choices = [];
  note(reply.known || "");
  sound("good");
  turn("code");
  return refresh();
}

async function undo(confirmed = []) {
  const reply = await post("/api/undo", { key: newKey(), confirmed });
  if (reply.asks) return ask(reply.asks, () => undo(reply.asks));
  if (!reply.done) return note(reply.refused || (reply.status ? reply.problem : UNSURE), true);
  give();
  note(_("已撤销|登记"));
  return refresh();
}

function give() {
  code = card = question = null;
  choices = [];
  drawCard(null);
  note("");
  turn("code");
}

// The question is answered; what was on the screen before it is there again.
function answered() {
  const { back, yes } = question;
  question = null;
  turn(back);
  return yes;
}

// ---- Keys

const acts = {
  Enter: () => mode === "card" && bind(),
  Confirm: () => mode === "ask" && answered()(),
  Escape: () => (mode === "ask" ? (answered(), note(_("没有改动"))) : give()),
  F4: () => mode !== "ask" && undo(),
  F8() { camera.toggle(); }, // not waited for: the browser may ask whether it is allowed
  F9: () => note(toggleSound() ? _("声音已开") : _("声音已关")),
};

// One after the other: a line that comes while the program answers waits for its turn.
function queue(what) {
  work = work.then(what).catch((trouble) => note(_("页面出错（{0}）：请按 F5 重新载入", trouble.name), true));
}

const keys = new Keys({
  line: (text, fast) => queue(() => line(text, fast)),
  key(name) {
    const [meant, shown] = [version, performance.now() - since];
    const confirms = name === "Enter" || name === "Confirm";
    queue(() => (confirms && (meant !== version || shown < CALM) ? undefined : acts[name]()));
  },
  warn: (words) => note(words, true),
  shown: (text) => { at("line").value = text; },
});

const camera = new Camera(at("camera"), document.documentElement.dataset.base, {
  wanted: () => mode === "code" && !keys.text,
  found: (text) => queue(async () => {
    if (mode !== "code") return;
    const reply = await post("/api/read", { text, fast: true });
    if (reply.kind === "code" && mode === "code") scanned(reply, true);
  }),
  warn: (words) => note(words, true),
});

// ---- What goes on elsewhere

async function refresh() {
  const state = await get("/api/desk").catch(() => null);
  if (!state) return note(_("连不上程序：它可能已经结束，请重新启动 gradphoto desk"), true);
  if (!state.ok) return note(state.problem, true);
  drawState(state);
  document.body.dataset.total = state.total;
  return undefined;
}

function focus() {
  at("line").focus({ preventScroll: true });
  at("away").hidden = document.hasFocus();
}

for (const event of ["focus", "blur"]) window.addEventListener(event, () => setTimeout(focus));
document.addEventListener("click", () => setTimeout(focus));
document.addEventListener("focusout", () => setTimeout(focus));
window.addEventListener("beforeunload", (event) => (code || keys.text) && event.preventDefault());

focus();
turn("code");
refresh().then(() => { document.body.dataset.ready = "yes"; });
setInterval(refresh, EVERY);
