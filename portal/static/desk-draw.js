// How the desk shows a student, the questions, the last rows and the counts.

import { make } from "./ask.js";

const at = (id) => document.getElementById(id);

export function drawCard(card, done = "") {
  if (!card) return at("card").replaceChildren();
  const name = card.name || "不在本场名单";
  const facts = [card.centre, card.when, card.id_tail && `身份证尾号 ${card.id_tail}`].filter(Boolean).join("　");
  const bad = [card.ineligible && `不在采集范围：${card.ineligible}`, !card.listed && "名单里没有这个学号：请逐位核对"];
  const warn = [card.photographed, ...card.bound, card.warning];
  return at("card").replaceChildren(
    ...(done ? [make("p", { class: "done" }, done)] : []),
    make("p", { class: card.listed ? "name" : "name stranger" }, name),
    make("p", { class: "number" }, card.student_no),
    make("p", { class: "facts" }, facts),
    ...bad.filter(Boolean).map((line) => make("p", { class: "bad" }, line)),
    ...(card.listed && !card.ineligible ? [make("p", { class: "good" }, "在采集范围")] : []),
    ...warn.filter(Boolean).map((line) => make("p", { class: "warn" }, line)),
  );
}

export function drawChoices(cards) {
  at("choices").replaceChildren(...cards.map((card, index) => make("li", {},
    make("kbd", {}, String(index + 1)), make("strong", {}, card.name || "不在名单"),
    make("span", {}, card.student_no), make("small", {}, `${card.centre}${card.photographed ? ` · ${card.photographed}` : ""}`))));
}

export function drawQuestions(questions) {
  at("ask").hidden = !questions.length;
  at("questions").replaceChildren(...questions.map((line) => make("li", {}, line)));
}

export function drawState(state) {
  at("title").textContent = `${state.session} 登记　工位 ${state.station}`;
  document.title = `${state.station} 登记`;
  at("count").textContent = `已登记 ${state.total} 人`;
  const alarms = [...state.conflicts.map((line) => `矛盾：${line}，照片要等人核对；在这里重新登记可以了结`), ...state.held];
  alarms.unshift(...[state.clock, state.lacking].filter(Boolean));
  at("alarms").replaceChildren(...alarms.map((line) => make("li", {}, line)));
  drawCounts(state);
  drawRows(state.rows);
  drawOutside(state);
}

function drawOutside(state) {
  const [box, said] = [at("outside"), [
    state.outsiders && `${state.outsiders} 人不在采集范围，请先告知本人`,
    state.unclear && `${state.unclear} 人的材料说不清，登记时会提示`,
  ].filter(Boolean).join("；")];
  if (box.dataset.said === said) return;
  box.dataset.said = said;
  box.hidden = !said;
  box.querySelector("summary").textContent = said;
  box.querySelector("ul").replaceChildren(...state.outside.map((line) => make("li", {}, line)));
}

function drawCounts(state) {
  const seen = (number) => (state.pictures ? String(number) : "—");
  table(at("counts"), ["中心", "时段", "应采", "已登记", "等候", "已拍", "未到", "预计结束"], state.counts.map((one) => [
    one.centre, one.times, one.expected, one.scanned, seen(one.waiting), seen(one.photographed), one.to_come,
    one.ends && (one.late ? `${one.ends} 晚 ${one.late} 分钟` : one.ends),
  ]), (index) => (state.counts[index].late ? "late" : ""));
  const pace = state.pace === null ? "人数太少，还看不出速度" : `最近每 ${state.pace} 秒一人；预计结束按全部到齐算`;
  at("pace").textContent = state.pictures ? pace : `${pace}。没有跟拍（--watch），看不到照片`;
}

function drawRows(rows) {
  table(at("rows"), ["时间", "工位", "姓名", "学号", "采集码"], rows.map((row) => [
    row.at, row.station, `${row.name}${row.took_over ? "（改绑）" : ""}`, row.student_no, row.code,
  ]), (index) => (rows[index].void ? "void" : ""));
}

function table(place, heads, rows, kind) {
  place.tHead.replaceChildren(make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))));
  place.tBodies[0].replaceChildren(...rows.map((cells, index) => make("tr", { class: kind(index) },
    ...cells.map((cell) => make("td", {}, String(cell))))));
  place.hidden = !rows.length;
}
