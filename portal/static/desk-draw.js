// How the desk shows a student, the questions, the last rows and the counts.

import { make } from "./ask.js";
import { _ } from "./words.js";

const at = (id) => document.getElementById(id);

export function drawCard(card, done = "") {
  if (!card) return at("card").replaceChildren();
  const name = card.name || _("不在本场名单");
  const facts = [card.centre, card.when, card.id_tail && _("身份证尾号 {0}", card.id_tail)].filter(Boolean).join(_("　|之间"));
  const bad = [card.ineligible && _("不在采集范围：{0}", card.ineligible), !card.listed && _("名单里没有这个学号：请逐位核对")];
  const warn = [card.photographed, ...card.bound, card.warning];
  return at("card").replaceChildren(
    ...(done ? [make("p", { class: "done" }, done)] : []),
    make("p", { class: card.listed ? "name" : "name stranger" }, name),
    make("p", { class: "number" }, card.student_no),
    make("p", { class: "facts" }, facts),
    ...bad.filter(Boolean).map((line) => make("p", { class: "bad" }, line)),
    ...(card.listed && !card.ineligible ? [make("p", { class: "good" }, _("在采集范围"))] : []),
    ...warn.filter(Boolean).map((line) => make("p", { class: "warn" }, line)),
  );
}

export function drawChoices(cards) {
  at("choices").replaceChildren(...cards.map((card, index) => make("li", {},
    make("kbd", {}, String(index + 1)), make("strong", {}, card.name || _("不在名单")),
    make("span", {}, card.student_no), make("small", {}, `${card.centre}${card.photographed ? ` · ${card.photographed}` : ""}`))));
}

export function drawQuestions(questions) {
  at("ask").hidden = !questions.length;
  at("questions").replaceChildren(...questions.map((line) => make("li", {}, line)));
}

export function drawState(state) {
  at("title").textContent = _("{0} 登记　工位 {1}", state.session, state.station);
  document.title = _("{0} 登记", state.station);
  at("count").textContent = _("已登记 {0} 人", state.total);
  const alarms = [...state.conflicts.map((line) => _("矛盾：{0}，照片要等人核对；在这里重新登记可以了结", line)), ...state.held];
  alarms.unshift(...[state.clock, state.lacking].filter(Boolean));
  at("alarms").replaceChildren(...alarms.map((line) => make("li", {}, line)));
  drawCounts(state);
  drawRows(state.rows);
  drawOutside(state);
}

function drawOutside(state) {
  const [box, said] = [at("outside"), [
    state.outsiders && _("{0} 人不在采集范围，请先告知本人", state.outsiders),
    state.unclear && _("{0} 人的材料说不清，登记时会提示", state.unclear),
  ].filter(Boolean).join(_("；|之间"))];
  if (box.dataset.said === said) return;
  box.dataset.said = said;
  box.hidden = !said;
  box.querySelector("summary").textContent = said;
  box.querySelector("ul").replaceChildren(...state.outside.map((line) => make("li", {}, line)));
}

function drawCounts(state) {
  const seen = (number) => (state.pictures ? String(number) : "—");
  const heads = [_("中心"), _("时段"), _("应采"), _("已登记"), _("等候"), _("已拍"), _("未到"), _("预计结束")];
  table(at("counts"), heads, state.counts.map((one) => [
    one.centre, one.times, one.expected, one.scanned, seen(one.waiting), seen(one.photographed), one.to_come,
    one.ends && (one.late ? _("{0} 晚 {1} 分钟", one.ends, one.late) : one.ends),
  ]), (index) => (state.counts[index].late ? "late" : ""));
  const few = state.pace === null;
  const pace = few ? _("人数太少，还看不出速度") : _("最近每 {0} 秒一人；预计结束按全部到齐算", state.pace);
  at("pace").textContent = state.pictures ? pace : _("{0}。没有跟拍（--watch），看不到照片", pace);
}

function drawRows(rows) {
  table(at("rows"), [_("时间"), _("工位"), _("姓名"), _("学号"), _("采集码")], rows.map((row) => [
    row.at, row.station, row.name + (row.took_over ? _("（改绑）") : ""), row.student_no, row.code,
  ]), (index) => (rows[index].void ? "void" : ""));
}

function table(place, heads, rows, kind) {
  place.tHead.replaceChildren(make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))));
  place.tBodies[0].replaceChildren(...rows.map((cells, index) => make("tr", { class: kind(index) },
    ...cells.map((cell) => make("td", {}, String(cell))))));
  place.hidden = !rows.length;
}
